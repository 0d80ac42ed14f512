import type { GuardNotice, KeyNotice, Notice } from '@parley/cache-core';

/** How much of a message's body is filled before the next one is begun; a single entry may be longer. */
const bodyBytes = 64 * 1024;

/** The bodies that tell these notices: what one origin says in one turn goes together, and what is too long is cut between its entries. */
export function packNotices(notices: readonly Notice[]): string[] {
  const byOrigin = new Map<string, { keys: KeyNotice[]; guards: GuardNotice[] }>();
  for (const { origin, keys, guards } of notices) {
    const known = byOrigin.get(origin) ?? { keys: [], guards: [] };
    known.keys.push(...keys);
    known.guards.push(...guards);
    byOrigin.set(origin, known);
  }
  return [...byOrigin].flatMap(([origin, { keys, guards }]) => pack(origin, keys, guards));
}

function pack(origin: string, keys: readonly KeyNotice[], guards: readonly GuardNotice[]): string[] {
  const bodies: string[] = [];
  let parts: { keys: KeyNotice[]; guards: GuardNotice[] } = { keys: [], guards: [] };
  let size = 0;
  const end = (): void => {
    if (size > 0) bodies.push(JSON.stringify([origin, parts.keys, parts.guards]));
    parts = { keys: [], guards: [] };
    size = 0;
  };
  const add = (list: 'keys' | 'guards', entry: KeyNotice | GuardNotice): void => {
    // Near enough: three bytes hold most characters of any script, and 24 the number and what is around it.
    const length = entry[0].length * 3 + 24;
    if (size + length > bodyBytes) end();
    parts[list].push(entry);
    size += length;
  };
  for (const entry of keys) add('keys', entry);
  for (const entry of guards) add('guards', entry);
  end();
  return bodies;
}

/** Whether the body tells what this origin said, without reading the rest of it. */
export const isFrom = (body: string, origin: string): boolean =>
  body.startsWith('[') && body.startsWith(JSON.stringify(origin), 1);

/** Undefined for what `packNotices` did not make. */
export function unpackNotice(body: string): Notice | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return undefined;
  }
  if (!Array.isArray(parsed)) return undefined;
  const [origin, keys, guards]: unknown[] = parsed;
  if (typeof origin !== 'string' || !areEntries(keys) || !areEntries(guards)) return undefined;
  return { origin, keys, guards };
}

function areEntries(list: unknown): list is (readonly [string, number])[] {
  return (
    Array.isArray(list) &&
    list.every(
      (entry: unknown) =>
        Array.isArray(entry) &&
        entry.length === 2 &&
        typeof entry[0] === 'string' &&
        typeof entry[1] === 'number',
    )
  );
}

export interface Message {
  readonly epoch: string;
  readonly number: number;
  readonly body: string;
}

/** Undefined for what no sequence told. */
export function readMessage(text: string): Message | undefined {
  const { epoch, number, body } =
    /^(?<epoch>\d{1,20}) (?<number>\d{1,16}) (?<body>.*)$/s.exec(text)?.groups ?? {};
  if (epoch === undefined || number === undefined || body === undefined) return undefined;
  return { epoch, number: Number(number), body };
}
