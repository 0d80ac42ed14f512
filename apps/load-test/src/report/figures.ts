import type { Result } from '../run/result.ts';

/** As many digits as mean something. */
export function figure(value: number): string {
  const size = Math.abs(value);
  if (size >= 1_000) return Math.round(value).toLocaleString('en-US');
  if (Number.isInteger(value)) return String(value);
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2);
}

const units: readonly (readonly [RegExp, string])[] = [
  [/^drift\./u, ''],
  [/KB$/u, 'KB'],
  [/MB$/u, 'MB'],
  [/Ms$/u, 'ms'],
  [/^(?:memory|growth)\./u, 'MB'],
  [/^cpu\./u, 'processors'],
  [/perSecond$/u, '/s'],
  [/\.seconds$/u, 's'],
  [/\.count$/u, ''],
  [/\.(?:p\d+|max|mean)$/u, 'ms'],
];

function unitOf(metric: string): string {
  return units.find(([pattern]) => pattern.test(metric))?.[1] ?? '';
}

export function withUnit(metric: string, value: number | null): string {
  if (value === null) return 'not measured';
  return `${figure(value)} ${unitOf(metric)}`.trim();
}

/** "seeds: 111 agents, 1,000 messages/s, 30 s; embedded, 1 node". */
export function headline({ profile, size, ground, nodes }: Result): string {
  const on = ground === 'foreign' ? 'another hub' : `${ground}, ${nodes} ${nodes === 1 ? 'node' : 'nodes'}`;
  return `${profile}: ${figure(size.agents)} agents, ${figure(size.rate)} messages/s, ${figure(size.seconds)} s; ${on}`;
}

/** The names of times as people read them. */
export const timeNames: Readonly<Record<string, string>> = {
  delivery: 'Delivery, to each receiver',
  ack: 'Acknowledgement',
  change: 'Acknowledgement of a reaction',
  typing: 'Typing, to each receiver',
  presence: 'Presence, to each who watches',
  reconnect: 'Connection lost until live again',
  resume: 'Fault until delivered again',
  painted: 'A message, until it is drawn',
  key: 'A key, until the page hears of it',
  keyPainted: 'A key, until it is drawn',
  lateness: 'Lateness of the generator',
};

export function goalOf({ atMost, atLeast }: { atMost?: number; atLeast?: number }, metric: string): string {
  if (atMost !== undefined) return `at most ${withUnit(metric, atMost)}`;
  return atLeast === undefined ? '' : `at least ${withUnit(metric, atLeast)}`;
}

/** Those that no table of times shows. */
export function otherFigures({ metrics }: Result): [string, number][] {
  return Object.entries(metrics).filter(([metric]) => !/\.(?:p\d+|max|mean|count)$/u.test(metric));
}
