/** How values leave the local tier: everybody gets the same object, so that a hit costs nothing. */
export type HandOut =
  /** The object itself, frozen all the way down, so that a mutation is an error where it happens. */
  | 'frozen'
  /** The object itself; whoever changes it changes it for all. */
  | 'shared'
  /** A copy for each. */
  | 'cloned';

/** The value as one caller gets it. */
export const handedOut = (how: HandOut, value: unknown): unknown =>
  how === 'cloned' ? structuredClone(value) : value;

const binary = (value: object): boolean => ArrayBuffer.isView(value) || value instanceof ArrayBuffer;

export function freezeDeep<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value) || binary(value)) return value;
  Object.freeze(value);
  if (value instanceof Map || value instanceof Set) for (const member of value.values()) freezeDeep(member);
  for (const member of Object.values(value)) freezeDeep(member);
  return value;
}
