import { histogramOf, quantile, since, type Histogram } from './histogram.ts';
import { readSamples, type Sample } from './metrics-text.ts';

/** What one node told of itself at one moment. */
export interface Figures {
  /** By the clock of the page, in milliseconds. */
  readonly at: number;
  readonly node: string;
  /** How many nodes it knows of, itself included. */
  readonly nodes: number;
  /** In seconds since 1970. */
  readonly startedAt: number;
  readonly messages: number;
  readonly requests: number;
  readonly cpuSeconds: number;
  readonly sockets: number;
  readonly users: number;
  readonly memory: number;
  readonly heap: number;
  readonly lag50: number;
  readonly lag99: number;
  readonly deliveries: Histogram;
  readonly answers: Histogram;
  /** Whether it hears the other nodes. */
  readonly steady: boolean;
  /** How often limits refused something. */
  readonly denied: number;
  readonly unsealedSeconds: number;
}

export function readFigures(text: string, at: number): Figures {
  const samples = readSamples(text);
  const all = (name: string): readonly Sample[] => samples.get(name) ?? [];
  const sum = (name: string, label?: string, words?: readonly string[]): number =>
    all(name)
      .filter(({ labels }) => label === undefined || words?.includes(labels[label] ?? '') === true)
      .reduce((total, { value }) => total + (Number.isFinite(value) ? value : 0), 0);
  return {
    at,
    node: all('parley_node')[0]?.labels['node'] ?? 'this node',
    nodes: Math.max(1, sum('parley_nodes')),
    startedAt: sum('process_start_time_seconds'),
    messages: sum('parley_log_entries_total', 'type', ['channel.message', 'thread.message']),
    requests: sum('parley_http_request_seconds_count'),
    cpuSeconds: sum('process_cpu_seconds_total'),
    sockets: sum('parley_sockets'),
    users: sum('parley_connected_users'),
    memory: sum('process_resident_memory_bytes'),
    heap: sum('nodejs_heap_size_used_bytes'),
    lag50: sum('nodejs_eventloop_lag_seconds', 'quantile', ['0.5']),
    lag99: sum('nodejs_eventloop_lag_seconds', 'quantile', ['0.99']),
    deliveries: histogramOf(all('parley_delivery_seconds_bucket')),
    answers: histogramOf(all('parley_http_request_seconds_bucket')),
    steady: sum('parley_steady') === 1,
    denied: sum('parley_limit_checks_total', 'outcome', ['denied']),
    unsealedSeconds: sum('parley_audit_unsealed_seconds'),
  };
}

/** What is drawn of a moment. Undefined: it is not known. */
export type Point = Readonly<Record<PointName, number | undefined>> & { readonly at: number };

export type PointName =
  | 'messages'
  | 'requests'
  | 'cpu'
  | 'sockets'
  | 'users'
  | 'memory'
  | 'heap'
  | 'lag50'
  | 'lag99'
  | 'delivery50'
  | 'delivery95'
  | 'answer50'
  | 'answer95';

/**
 * @param before the figures before these, of the same node
 * @param earlier some before: parts of a few values say nothing
 */
export function pointOf(now: Figures, before: Figures | undefined, earlier: Figures | undefined): Point {
  const [last, early] = [before, earlier].map((one) =>
    one !== undefined && isSameRun(one, now) ? one : undefined,
  );
  const rate = (read: (figures: Figures) => number): number | undefined => {
    const seconds = last === undefined ? 0 : (now.at - last.at) / 1_000;
    return last === undefined || seconds <= 0 ? undefined : Math.max(0, (read(now) - read(last)) / seconds);
  };
  const part = (read: (figures: Figures) => Histogram, of: number): number | undefined =>
    early && quantile(since(read(now), read(early)), of);
  const { at, sockets, users, memory, heap, lag50, lag99 } = now;
  return {
    at,
    sockets,
    users,
    memory,
    heap,
    lag50,
    lag99,
    messages: rate(({ messages }) => messages),
    requests: rate(({ requests }) => requests),
    cpu: rate(({ cpuSeconds }) => cpuSeconds),
    delivery50: part(({ deliveries }) => deliveries, 0.5),
    delivery95: part(({ deliveries }) => deliveries, 0.95),
    answer50: part(({ answers }) => answers, 0.5),
    answer95: part(({ answers }) => answers, 0.95),
  };
}

/** What began anew counts from 0. The time of its start is rounded, and told by a clock that may be set. */
function isSameRun(before: Figures, now: Figures): boolean {
  return Math.abs(before.startedAt - now.startedAt) < 5 && before.requests <= now.requests;
}
