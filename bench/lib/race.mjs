// The order of measuring: contestants take turns, round after round, so that what disturbs the machine disturbs all of them alike.

import { byRound } from './stats.mjs';

/**
 * Measure every contestant once a round. One that fails is out of the race; its error is its result.
 * @param lanes [{contestant, …}]: what is handed to `measure`.
 * @param measure (lane, round) → {metric: number}
 * @returns Map: contestant's id → {samples: {metric: numbers, one a round}} or {error}.
 */
export async function race(lanes, rounds, measure) {
  const results = new Map(lanes.map(({ contestant }) => [contestant.id, { samples: {} }]));
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < lanes.length; turn++) {
      const lane = lanes[(turn + round) % lanes.length];
      const result = results.get(lane.contestant.id);
      if (result.error) continue;
      try {
        const metrics = await measure(lane, round);
        for (const [name, value] of Object.entries(metrics)) {
          result.samples[name] ??= [];
          result.samples[name].push(value);
        }
      } catch (error) {
        result.error = error.message;
      }
    }
  }
  return results;
}

/**
 * Open a lane for each contestant, and keep them all open; those that can't be opened become errors.
 * @param open (contestant, track) → what the lane holds; `track` takes clients that are to be closed when it fails.
 */
export async function openLanes(contestants, open) {
  const lanes = [];
  const errors = new Map();
  for (const contestant of contestants) {
    const opened = [];
    const track = (client) => {
      opened.push(client);
      return client;
    };
    const close = async () => {
      for (const client of opened.reverse()) await client.close();
    };
    try {
      lanes.push({ contestant, ...(await open(contestant, track)), close });
    } catch (error) {
      errors.set(contestant.id, error.message);
      await close();
    }
  }
  return { lanes, errors };
}

/**
 * A race in which each round has processes of its own: where a process happens to lie in memory moves its latency by a tenth.
 * @param open as of {@link openLanes}
 * @returns as {@link race}
 */
export async function raceAfresh(contestants, rounds, open, measure) {
  const all = new Map(contestants.map(({ id }) => [id, { samples: {} }]));
  for (let round = 0; round < rounds; round++) {
    const { lanes, errors } = await openLanes(contestants, open);
    for (const [id, { samples, error }] of await race(lanes, 1, measure)) {
      const kept = all.get(id);
      if (error) kept.error = error;
      for (const [name, values] of Object.entries(samples)) {
        kept.samples[name] = [...(kept.samples[name] ?? []), ...values];
      }
    }
    for (const [id, error] of errors) all.get(id).error = error;
    for (const lane of lanes) await lane.close();
  }
  return all;
}

/**
 * A race's results as rows of a report.
 * @param about {case, series?: [{id, x}], units: {metric: unit}}
 */
export function toRows(results, { units, ...about }) {
  return [...results].flatMap(([contestant, { samples, error }]) =>
    error === undefined
      ? Object.entries(samples).map(([metric, values]) => ({
          ...about,
          contestant,
          metric,
          unit: units[metric],
          values,
        }))
      : [{ ...about, contestant, error }],
  );
}

/** A figure from one metric of several contestants, round by round; undefined when one is missing. */
export function combine(results, metric, ids, fn) {
  const samples = ids.map((id) => results.get(id)?.samples[metric]);
  return samples.includes(undefined) ? undefined : byRound(fn, ...samples);
}
