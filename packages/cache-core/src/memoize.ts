import type { Cache } from './cache.ts';
import type { CallOptions } from './call-options.ts';
import { InvalidArgument } from './kernel/errors.ts';

export interface MemoizeOptions<Args extends readonly unknown[], Value> extends Omit<
  CallOptions<Value>,
  'tags'
> {
  /** What the results of this function are kept under. Two functions must not share a name. */
  readonly name: string;
  /**
   * The key of a call.
   * @default the arguments as JSON, where that tells them apart; other arguments are refused
   */
  readonly key?: ((...args: Args) => string) | undefined;
  /** What a result depends on. @default none */
  readonly tags?: readonly string[] | ((value: Value, ...args: Args) => readonly string[]) | undefined;
}

/** The function, with its results in the cache. */
export function memoize<Args extends readonly unknown[], Value>(
  cache: Cache,
  fn: (...args: Args) => Value | PromiseLike<Value>,
  options: MemoizeOptions<Args, Value>,
): (...args: Args) => Promise<Value> {
  const space = cache.namespace(options.name);
  return async (...args) => callThrough(space, fn, args, options);
}

/** One call of a memoized function. */
export function callThrough<Args extends readonly unknown[], Value>(
  space: Cache,
  fn: (...args: Args) => Value | PromiseLike<Value>,
  args: Args,
  options: Omit<MemoizeOptions<Args, Value>, 'name'>,
): Promise<Value> {
  const { key, tags } = options;
  return space.get<Value>(key === undefined ? keyOfArguments(args) : key(...args), () => fn(...args), {
    ...options,
    tags: typeof tags === 'function' ? (value: Value) => tags(value, ...args) : tags,
  });
}

/** JSON with members in order, for arguments that JSON can tell apart. */
function keyOfArguments(args: readonly unknown[]): string {
  return `(${args.map((arg, i) => canonical(arg, `arguments[${i}]`)).join(',')})`;
}

function canonical(value: unknown, field: string): string {
  if (value === undefined) return '';
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return JSON.stringify(value);
  if (typeof value === 'number' && Number.isFinite(value)) return Object.is(value, -0) ? '-0' : String(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (Array.isArray(value))
    return `[${value.map((member, i) => canonical(member, `${field}[${i}]`)).join(',')}]`;
  if (isPlain(value)) {
    const members = Object.keys(value)
      .filter((key) => Reflect.get(value, key) !== undefined)
      .sort()
      .map((key) => `${JSON.stringify(key)}:${canonical(Reflect.get(value, key), `${field}.${key}`)}`);
    return `{${members.join(',')}}`;
  }
  throw new InvalidArgument(
    field,
    'plain data, or the option `key` has to say how calls are told apart',
    value,
  );
}

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
