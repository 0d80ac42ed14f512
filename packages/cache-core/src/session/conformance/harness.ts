import assert from 'node:assert/strict';
import type {
  ListedSession,
  SessionStore,
  SessionToCreate,
  SessionToRotate,
  SessionToWrite,
  StoredSession,
} from '../session-store.ts';

/** What a store's author provides; every law gets a new one. */
export interface SessionHarness {
  /** A store over any data: laws use names that no other one has. */
  readonly store: SessionStore;
  /** A second one over the same data, as another process has it; the same object where that cannot be. */
  readonly other: SessionStore;
  /** Lets time pass for the store: really, or by moving its clock. */
  readonly advance: (ms: number) => Promise<void>;
  /** How much too late the store may notice that time has passed. */
  readonly toleranceMs: number;
}

export const longMs = 600_000;
export const briefMs = 200;

let numbers = 0;

/** Names that no other law has. */
export function unique(prefix: string): string {
  numbers += 1;
  return `${prefix}-${numbers.toString(36)}-${Math.floor(Math.random() * 2 ** 48).toString(36)}`;
}

export const newSession = (more: Partial<SessionToCreate> = {}): SessionToCreate => ({
  id: unique('id'),
  version: unique('v'),
  data: '{}',
  idleMs: longMs,
  maxAgeMs: 10 * longMs,
  ...more,
});

/** Begins a session, and answers what was asked for. */
export async function begun(
  store: SessionStore,
  more: Partial<SessionToCreate> = {},
): Promise<SessionToCreate> {
  const session = newSession(more);
  assert.equal(await store.create(session), 'created');
  return session;
}

export const writing = (id: string, more: Partial<SessionToWrite> = {}): SessionToWrite => ({
  id,
  version: unique('v'),
  data: '{"written":true}',
  idleMs: longMs,
  ...more,
});

export function rotating(
  store: SessionStore,
  from: string,
  more: Partial<SessionToRotate> = {},
): SessionToRotate {
  let to = unique('id');
  while (store.placeOf(to) !== store.placeOf(from)) to = unique('id');
  return { from, to, version: unique('v'), idleMs: longMs, stoneMs: longMs, ...more };
}

export const ending = (): { readonly token: string; readonly stoneMs: number } => ({
  token: unique('t'),
  stoneMs: longMs,
});

export async function there(store: SessionStore, id: string): Promise<StoredSession> {
  const found = await store.read(id);
  assert(found !== undefined, 'the session must be there');
  return found;
}

export async function gone(store: SessionStore, ...ids: readonly string[]): Promise<void> {
  for (const id of ids) assert.equal(await store.read(id), undefined, 'the session must not be there');
}

export const idsOf = (listed: readonly ListedSession[]): string[] => listed.map(({ id }) => id);

/** Lets so much time pass that what lasts so long has ended. */
export const pass = ({ advance, toleranceMs }: SessionHarness, ms: number): Promise<void> =>
  advance(ms + toleranceMs + 1);
