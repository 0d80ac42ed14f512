import { isParleyError } from '@parley/cache-core/kernel';
import { HubError } from '@parley/hub-protocol';
import { readCount, readText, type ApplicationTables, type Param, type Result } from '@parley/runtime';

/** Of how many messages a step looks at. */
export interface Strides {
  /** Of the latest, before anything is known of how frequent it is that is searched for. */
  readonly near: number;
  /** In the order of time. */
  readonly far: number;
  /** In no order, by the index of words. */
  readonly indexed: number;
}

/** A moment, and a message of that moment. */
export interface Place {
  readonly at: number;
  readonly id: string;
}

/** Who reads, what must be true of a message, and from which moment on. */
export interface Asked {
  readonly userId: string;
  readonly terms: string;
  readonly marks: Uint8Array;
  readonly kinds: Uint8Array;
  readonly within: string | undefined;
  readonly since: number;
}

export interface Step {
  /** What was found, as the database shows it, latest first. */
  readonly found: readonly string[];
  /** Where it has come to; undefined: all has been looked at, or as many were found as are wanted. */
  readonly reached: Place | undefined;
}

export interface StepOptions {
  readonly strides: Strides;
  readonly wanted: number;
}

/**
 * One step of a search: what it looks at is bounded, and the rights are looked at by the same statement.
 *
 * @throws {HubError} `TIMEOUT` where even that took longer than the database gives any statement
 */
export async function takeStep(
  tables: ApplicationTables,
  { userId, terms, marks, kinds, within, since }: Asked,
  until: Place,
  { strides: { near, far, indexed }, wanted }: StepOptions,
): Promise<Step> {
  const given = [
    userId,
    terms,
    marks,
    kinds,
    within ?? null,
    since,
    until.at,
    until.id,
    wanted,
    near,
    far,
    indexed,
  ];
  const { rows } = await ask(tables, given);
  const found = rows.filter((row) => row[2] !== null).map((row) => readText(row, 2));
  const last = rows.at(-1);
  const isReached = last !== undefined && last[2] === null;
  return { found, reached: isReached ? { at: readCount(last, 0), id: readText(last, 1) } : undefined };
}

async function ask(tables: ApplicationTables, given: readonly Param[]): Promise<Result> {
  try {
    // The database gives up before the driver does: what nobody waits for any more does not go on.
    return await tables.db.query(tables.statement('search'), given, { timeoutMs: 10_000 });
  } catch (error) {
    if (!isParleyError(error) || error.evidence['code'] !== '57014') throw error;
    throw new HubError('TIMEOUT', 'the search took too long; ask for less, in one channel or in some days', {
      cause: error,
    });
  }
}
