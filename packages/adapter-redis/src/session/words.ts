import type { ListedSession, SessionFacts, StoredSession, WriteVerdict } from '@parley/cache-core/session';
import { asList } from '../lane.ts';

/** What stands for nothing, where something may be empty: a text with a NUL, which no text of a session has. */
export const nothing = '\0';

export const wordOf = (text: string | undefined): string => text ?? nothing;

/** A script takes whole milliseconds that Redis can add to its clock. */
export const wholeMs = (ms: number): number => Math.max(0, Math.min(Math.ceil(ms), 100 * 366 * 86_400_000));

const asText = (reply: unknown): string => String(reply);

const textOf = (reply: unknown): string | undefined =>
  reply === null || reply === undefined ? undefined : asText(reply);

/** What `lua/session/read.lua` replies. */
export function storedOf(reply: unknown): StoredSession | undefined {
  const [now, version, user, data, ...facts] = asList(reply);
  if (version === undefined) return undefined;
  return {
    version: asText(version),
    user: textOf(user) === '' ? undefined : textOf(user),
    data: asText(data),
    ...factsOf(facts, Number(now)),
  };
}

/** What `lua/session/list.lua` replies. */
export function listedOf(reply: unknown): ListedSession[] {
  const [now, ...rows] = asList(reply);
  return rows.map((row) => {
    const [id, ...facts] = asList(row);
    return { id: String(id), ...factsOf(facts, Number(now)) };
  });
}

function factsOf([address, agent, created, seen, ends]: readonly unknown[], now: number): SessionFacts {
  return {
    address: textOf(address),
    userAgent: textOf(agent),
    createdAt: Number(created),
    seenAt: Number(seen),
    seenForMs: Math.max(0, now - Number(seen)),
    endsInMs: Math.max(0, Number(ends) - now),
  };
}

export function verdictOf(reply: unknown): WriteVerdict {
  const word = String(reply);
  if (word === 'done' || word === 'conflict' || word === 'gone') return word;
  throw new TypeError('a script over sessions must answer with a verdict');
}
