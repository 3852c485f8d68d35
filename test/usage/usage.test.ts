import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Operation, openRecorder, usageReport } from '../../src/usage/index.ts';
import { runCli } from '../helpers/cli.ts';
import { makeHome, type TestHome } from '../helpers/home.ts';

const NOW = Date.parse('2026-01-02T03:04:05.000Z');

function op(over: Partial<Operation> = {}): Operation {
  return {
    type: 'op',
    at: NOW,
    server: 'time',
    kind: 'tool',
    item: 'now',
    durationMs: 2,
    requestBytes: 10,
    responseBytes: 20,
    ok: true,
    ...over,
  };
}

function record(home: TestHome, operations: Operation[], profile?: string) {
  const recorder = openRecorder(
    { ...home.ctx, pid: Math.floor(Math.random() * 1e9) },
    { servers: ['time', 'fs'], transport: 'stdio', ...(profile ? { profile } : {}) },
  );
  recorder.session({ session: 's1', at: NOW, client: 'test 1.0' });
  for (const operation of operations) recorder.operation(operation);
  recorder.sessionEnd('s1');
  recorder.close();
}

describe('usage', () => {
  it('adds up calls, errors, durations and sizes per server and item', async () => {
    const home = makeHome();
    record(home, [
      op(),
      op({ durationMs: 8 }),
      op({ durationMs: 4, ok: false, error: '-32603' }),
      op({ server: 'fs', item: 'read' }),
    ]);
    const report = await usageReport(home.ctx, { days: 1 });
    expect(report).toMatchObject({ runs: 1, sessions: 1, calls: 4, errors: 1 });
    expect(report.servers[0]).toMatchObject({
      server: 'time',
      runs: 1,
      items: [
        {
          item: 'now',
          calls: 3,
          errors: 1,
          medianMs: 4,
          maxMs: 8,
          requestBytes: 30,
          responseBytes: 60,
        },
      ],
    });
  });

  it('filters by server, by profile and by day', async () => {
    const home = makeHome();
    record(home, [op()], 'dev');
    record(home, [op({ server: 'fs', item: 'read' })]);
    expect((await usageReport(home.ctx, { days: 1, profile: 'dev' })).calls).toBe(1);
    expect(
      (await usageReport(home.ctx, { days: 1, server: 'fs' })).servers.map((s) => s.server),
    ).toEqual(['fs']);
    const later = { ...home.ctx, now: () => new Date(NOW + 3 * 86_400_000) };
    expect((await usageReport(later, { days: 3 })).calls).toBe(0);
    expect((await usageReport(later, { days: 4 })).calls).toBe(2);
  });

  it('is filed under the day it happened on, also when the run began days before', async () => {
    const home = makeHome();
    const recorder = openRecorder(home.ctx, { servers: ['time'], transport: 'stdio' });
    recorder.session({ session: 'stdio', at: NOW });
    const later = NOW + 3 * 86_400_000;
    for (const at of [NOW, NOW + 1, later, later + 1])
      recorder.operation(op({ at, session: 'stdio' }));
    recorder.close();
    expect(readdirSync(join(home.dir, '.mcpm/usage'))).toEqual(['2026-01-02', '2026-01-05']);
    const then = { ...home.ctx, now: () => new Date(later) };
    const expected = { runs: 1, sessions: 1, servers: [{ server: 'time', runs: 1 }] };
    expect(await usageReport(then, { days: 1 })).toMatchObject({ ...expected, calls: 2 });
    expect(await usageReport(then, { days: 4 })).toMatchObject({ ...expected, calls: 4 });
    expect(await usageReport(home.ctx, { days: 1 })).toMatchObject({ ...expected, calls: 2 });
  });

  it('passes over a line that a crash cut off', async () => {
    const home = makeHome();
    record(home, [op()]);
    home.write('.mcpm/usage/2026-01-02/9-9.jsonl', '{"type":"op","at":1,"ser');
    expect((await usageReport(home.ctx, { days: 1 })).calls).toBe(1);
  });

  it('keeps its files private to the user', () => {
    const home = makeHome();
    record(home, [op()]);
    const day = join(home.dir, '.mcpm/usage/2026-01-02');
    const [file = ''] = readdirSync(day);
    expect(statSync(join(day, file)).mode & 0o777).toBe(0o600);
    expect(statSync(day).mode & 0o777).toBe(0o700);
  });

  it('goes on when the disk refuses, and says so once', () => {
    const home = makeHome();
    home.write('.mcpm/usage', 'a file where the folder should be');
    record(
      home,
      Array.from({ length: 2_000 }, () => op()),
    );
    expect(home.stderr().match(/usage is not recorded/g)).toHaveLength(1);
  });

  it('is shown by mcpm usage, in words and as JSON', async () => {
    const home = makeHome();
    record(home, [op(), op({ server: 'fs', kind: 'resource', item: 'file:///a' })]);
    const human = await runCli(home, 'usage -d 7');
    expect(human.stdout).toMatch(/time[\s\S]*now\s+tool\s+1/);
    expect((await runCli(home, 'usage --server time --json')).json()).toMatchObject({
      calls: 1,
      servers: [{ server: 'time' }],
    });
    expect((await runCli(makeHome(), 'usage')).stdout).toContain('Nothing was recorded');
    const unknown = await runCli(home, 'usage --server tmie');
    expect([unknown.exitCode, unknown.stdout]).toEqual([10, '']);
    expect((await runCli(home, 'usage --profile nope --json')).exitCode).toBe(10);
    expect((await runCli(home, 'usage -d 0')).exitCode).toBe(2);
  });
});
