import type { GuardNotice, KeyNotice, Notice } from '@parley/cache-core';

/** Postgres takes less than 8,000 bytes; life and position stand before the notice. */
const maxBytes = 7_999 - 64;

/** Stands for a notice that cannot be told in detail: whoever reads it forgets everything. */
export const forgetAll = '!';

/** The first of every notice, so that a later version can write others: who cannot read one forgets everything. */
const format = 1;

interface Gathered {
  readonly keys: Map<string, number>;
  readonly guards: Map<string, number>;
}

/** As few payloads as there is room in: notices of one origin are put together, and cut where they get too long. */
export function encodeNotices(notices: readonly Notice[]): string[] {
  const byOrigin = new Map<string, Gathered>();
  for (const { origin, keys, guards } of notices) {
    const gathered = byOrigin.get(origin) ?? { keys: new Map(), guards: new Map() };
    byOrigin.set(origin, gathered);
    for (const [key, version] of keys) gathered.keys.set(key, version);
    for (const [guard, epoch] of guards) gathered.guards.set(guard, epoch);
  }
  const payloads = [...byOrigin].flatMap(([origin, gathered]) => encodeOne(origin, gathered));
  return payloads.includes(forgetAll) ? [forgetAll] : payloads;
}

function encodeOne(origin: string, { keys, guards }: Gathered): string[] {
  const head = `[${format},${JSON.stringify(origin)}`;
  const limit = maxBytes - Buffer.byteLength(head) - ',[],[]]'.length;
  const items = [...[...keys].map(toItem('keys')), ...[...guards].map(toItem('guards'))];
  if (items.some(({ bytes }) => bytes > limit)) return [forgetAll];
  return packInto(limit, items).map((part) => {
    const texts = (kind: Item['kind']): string =>
      part
        .filter((item) => item.kind === kind)
        .map(({ text }) => text)
        .join(',');
    return `${head},[${texts('keys')}],[${texts('guards')}]]`;
  });
}

interface Item {
  readonly kind: 'keys' | 'guards';
  readonly text: string;
  /** With the comma that follows. */
  readonly bytes: number;
}

function toItem(kind: Item['kind']): (entry: KeyNotice | GuardNotice) => Item {
  return (entry) => {
    const text = JSON.stringify(entry);
    return { kind, text, bytes: Buffer.byteLength(text) + 1 };
  };
}

function packInto(limit: number, items: readonly Item[]): Item[][] {
  const parts: Item[][] = [];
  let room = 0;
  for (const item of items) {
    const part = parts.at(-1);
    if (part === undefined || item.bytes > room) {
      parts.push([item]);
      room = limit;
    } else {
      part.push(item);
    }
    room -= item.bytes;
  }
  return parts;
}

/** Undefined where everything must be forgotten. */
export function decodeNotice(payload: string): Notice | undefined {
  if (payload === forgetAll) return undefined;
  try {
    const value: unknown = JSON.parse(payload);
    if (!Array.isArray(value) || value[0] !== format) return undefined;
    const [, origin, keys, guards]: unknown[] = value;
    if (typeof origin !== 'string' || !isPairs(keys) || !isPairs(guards)) return undefined;
    return { origin, keys, guards };
  } catch {
    return undefined;
  }
}

function isPairs(value: unknown): value is (KeyNotice & GuardNotice)[] {
  return (
    Array.isArray(value) &&
    value.every(
      (pair: unknown) =>
        Array.isArray(pair) &&
        pair.length === 2 &&
        typeof pair[0] === 'string' &&
        Number.isSafeInteger(pair[1]),
    )
  );
}
