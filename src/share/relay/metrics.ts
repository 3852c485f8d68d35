/** What a relay counts, and how it is shown: the Prometheus text format, version 0.0.4. */
import type { Tunnel } from './tunnel.ts';

/** The relay's counters. */
export interface Metrics {
  /** A visitor was answered, by the agent or for want of it. */
  answered(status: number): void;
  /** A visitor was turned away before any agent heard of it. */
  refused(reason: string): void;
  agent(outcome: string): void;
  /** All of it as text. */
  render(live: ReadonlyMap<string, Tunnel>): string;
}

/** Fresh counters. Tunnel ids are as good as addresses, so they are not labels. */
export function createMetrics(): Metrics {
  const answers = new Map<string, number>();
  const refusals = new Map<string, number>();
  const agents = new Map<string, number>();
  const add = (map: Map<string, number>, key: string) => map.set(key, (map.get(key) ?? 0) + 1);
  return {
    answered: (status) => void add(answers, `${Math.trunc(status / 100)}xx`),
    refused: (reason) => void add(refusals, reason),
    agent: (outcome) => void add(agents, outcome),
    render(live) {
      const tunnels = [...live.values()];
      const sum = (pick: (tunnel: Tunnel) => number) =>
        tunnels.reduce((total, tunnel) => total + pick(tunnel), 0);
      return [
        ...gauge('mcpm_relay_tunnels', 'Tunnels open now.', tunnels.length),
        ...gauge(
          'mcpm_relay_requests_active',
          'Requests under way.',
          sum((tunnel) => tunnel.active),
        ),
        ...gauge(
          'mcpm_relay_tunnel_bytes_in',
          'Bytes from visitors to the open tunnels.',
          sum((tunnel) => tunnel.counters.bytesIn),
        ),
        ...gauge(
          'mcpm_relay_tunnel_bytes_out',
          'Bytes from the open tunnels to visitors.',
          sum((tunnel) => tunnel.counters.bytesOut),
        ),
        ...counter('mcpm_relay_responses_total', 'Requests passed on, by class.', 'class', answers),
        ...counter('mcpm_relay_refused_total', 'Requests turned away.', 'reason', refusals),
        ...counter('mcpm_relay_agents_total', 'Connections of agents.', 'outcome', agents),
        '',
      ].join('\n');
    },
  };
}

function gauge(name: string, help: string, value: number): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, `${name} ${value}`];
}

function counter(
  name: string,
  help: string,
  label: string,
  values: ReadonlyMap<string, number>,
): string[] {
  const lines = [...values].map(([key, value]) => `${name}{${label}="${key}"} ${value}`);
  return [`# HELP ${name} ${help}`, `# TYPE ${name} counter`, ...lines];
}
