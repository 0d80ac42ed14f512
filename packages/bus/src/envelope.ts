import { describeValue, InvalidArgument, isParleyError } from '@parley/cache-core/kernel';
import type { Schema } from '@parley/cache-core/kernel';
import type { AnyTopic } from './topic.ts';

/** What travels with the data, in every body. Written in this order, and known by its short names only here. */
interface Envelope {
  /** Of the envelope itself. */
  readonly v: number;
  /** The process that speaks. */
  readonly s: string;
  /** The version of the topic. */
  readonly n: number;
  readonly i?: string;
  readonly k?: string;
  readonly t?: string;
  readonly d: unknown;
}

export interface Sealed {
  readonly id: string;
  readonly source: string;
  readonly key: string | undefined;
  readonly traceparent: string | undefined;
}

export interface Opened extends Sealed {
  readonly data: unknown;
  readonly version: number;
}

/** Why a body is no message of its topic. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
}

const envelopeVersion = 1;

/** @param withId where the broker does not keep the id beside the body */
export function seal(topic: AnyTopic, data: unknown, about: Sealed, withId: boolean): string {
  const text = stringify(topic, data);
  const key = about.key === undefined ? '' : `,"k":${JSON.stringify(about.key)}`;
  const trace = about.traceparent === undefined ? '' : `,"t":${JSON.stringify(about.traceparent)}`;
  const id = withId ? `,"i":${JSON.stringify(about.id)}` : '';
  return `{"v":${envelopeVersion},"s":${JSON.stringify(about.source)},"n":${topic.version}${id}${key}${trace},"d":${text}}`;
}

function stringify(topic: AnyTopic, data: unknown): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(data);
  } catch (cause) {
    throw new InvalidArgument('data', `something that JSON can express (${String(cause)})`, data);
  }
  if (text === undefined)
    throw new InvalidArgument(`data of ${topic.name}`, 'something that JSON can express', data);
  return text;
}

/** Throws {@link Unreadable}. */
export function open(topic: AnyTopic, id: string | undefined, body: string): Opened {
  const envelope = parse(body);
  if (envelope.v !== envelopeVersion)
    throw new Unreadable(`its envelope has version ${describeValue(envelope.v)}`);
  return {
    id: id ?? envelope.i ?? '',
    source: envelope.s,
    version: envelope.n,
    key: envelope.k,
    traceparent: envelope.t,
    data: conform(topic, envelope.d, envelope.n),
  };
}

function parse(body: string): Envelope {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw new Unreadable('it is not JSON');
  }
  if (isEnvelope(value)) return value;
  throw new Unreadable('it is not an envelope');
}

function isEnvelope(value: unknown): value is Envelope {
  if (typeof value !== 'object' || value === null) return false;
  const { v, s, n, i, k, t }: Partial<Record<keyof Envelope, unknown>> = value;
  return (
    typeof v === 'number' &&
    typeof s === 'string' &&
    typeof n === 'number' &&
    (i === undefined || typeof i === 'string') &&
    (k === undefined || typeof k === 'string') &&
    (t === undefined || typeof t === 'string')
  );
}

function conform({ upgrade, version, schema }: AnyTopic, data: unknown, from: number): unknown {
  let current = data;
  try {
    if (from < version && upgrade !== undefined) current = upgrade(data, from);
  } catch (error) {
    throw new Unreadable(
      `its data of version ${from} could not be turned into version ${version}: ${String(error)}`,
    );
  }
  const { value, problem } = check(schema, current);
  if (problem === undefined) return value;
  throw new Unreadable(from === version ? problem : `${problem} (it was written as version ${from})`);
}

/** The data as the schema gives it back; throws `InvalidArgument` that names the field at fault. */
export function requireData(field: string, schema: Schema<unknown>, data: unknown): unknown {
  const { value, problem, path } = check(schema, data);
  if (problem === undefined) return value;
  throw new InvalidArgument(
    path === '' ? field : `${field}.${path}`,
    `as its schema says (${problem})`,
    at(data, path),
  );
}

interface Checked {
  readonly value?: unknown;
  readonly problem?: string;
  readonly path: string;
}

function check(schema: Schema<unknown>, data: unknown): Checked {
  let result: ReturnType<Schema<unknown>['~standard']['validate']>;
  try {
    result = schema['~standard'].validate(data);
  } catch (error) {
    if (isParleyError(error)) throw error;
    return { problem: `its schema failed: ${String(error)}`, path: '' };
  }
  if (result instanceof Promise) {
    result.catch(() => undefined);
    throw new InvalidArgument('schema', 'one that answers at once', result);
  }
  if (result.issues === undefined) return { value: result.value, path: '' };
  const [issue] = result.issues;
  return { problem: issue?.message ?? 'it was refused', path: pathOf(issue?.path) };
}

function pathOf(path: unknown): string {
  if (!Array.isArray(path)) return '';
  const parts: readonly unknown[] = path;
  return parts
    .map((part) => String(typeof part === 'object' && part !== null && 'key' in part ? part.key : part))
    .join('.');
}

function at(data: unknown, path: string): unknown {
  let value = data;
  for (const part of path === '' ? [] : path.split('.')) {
    value = typeof value === 'object' && value !== null ? Reflect.get(value, part) : undefined;
  }
  return value;
}
