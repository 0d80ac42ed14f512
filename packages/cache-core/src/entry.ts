import type { EntryRules } from './options.ts';

/** An entry as this process holds it. Times are this process's monotonic clock. */
export interface Entry {
  readonly value: unknown;
  readonly negative: boolean;
  /** The write it came from; 0 when no store knows of it. */
  readonly version: number;
  readonly sliding: boolean;
  readonly freshMs: number;
  readonly keepMs: number;
  readonly scopeEpochs: readonly number[];
  readonly tags: readonly string[];
  readonly tagEpochs: readonly number[];
  /** As the store counts it; for the bound of the local tier. */
  readonly bytes: number;
  freshUntil: number;
  keepUntil: number;
  /** When a hit should load anew behind itself. */
  refreshFrom: number;
  /** When the local tier must ask the store again. */
  localUntil: number;
  /** The start of the read that last confirmed it. */
  validatedAt: number;
  /** Of the guard table, when its guards were last found right. */
  guardRevision: number;
}

export interface EntryLife {
  readonly freshMs: number;
  readonly keepMs: number;
  readonly negative: boolean;
}

/** How long a value shall live by the rules, undefined when it shall not be kept. `random` is from 0 to 1. */
export function lifeOf(
  value: unknown,
  ttlMs: number,
  rules: EntryRules,
  random: number,
): EntryLife | undefined {
  const nothing = value === undefined || value === null;
  const negativeMs = value === undefined ? (rules.negativeTtlMs ?? 0) : rules.negativeTtlMs;
  const ownMs = nothing && negativeMs !== undefined ? negativeMs : ttlMs;
  if (ownMs <= 0) return undefined;
  const freshMs = Math.max(1, Math.round(ownMs * (1 - rules.jitter * random)));
  return { freshMs, keepMs: freshMs + rules.graceMs, negative: value === undefined };
}
