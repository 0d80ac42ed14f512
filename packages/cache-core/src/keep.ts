import type { Core } from './core.ts';
import { lifeOf, type EntryLife } from './entry.ts';
import { safeCall } from './kernel/telemetry.ts';
import type { Asked } from './lookup.ts';
import { checkTags, parseTtl } from './options.ts';
import type { Candidate } from './policy.ts';

export interface Kept {
  readonly life: EntryLife;
  readonly tags: readonly string[];
}

/** Whether a value is kept, how long, and under which tags: by the rules first, then by the policies. */
export function keep(
  core: Core,
  { space, key, rules }: Asked,
  value: unknown,
  ttlMs: number,
  tags: readonly string[],
  origin: Candidate['origin'],
): Kept | undefined {
  const candidate = { namespace: space.path, key, value, tags, ttlMs, origin };
  for (const policy of core.options.policies) {
    const decision = safeCall(`policy ${policy.name}`, () => policy.decide?.(candidate));
    if (decision?.keep === false) return undefined;
    if (decision?.ttl !== undefined)
      candidate.ttlMs = parseTtl('policy.ttl', decision.ttl, core.options.classes, 1);
    if (decision?.tags !== undefined) candidate.tags = [...candidate.tags, ...checkTags(decision.tags)];
  }
  const life = lifeOf(value, { ...rules, ttlMs: candidate.ttlMs }, core.options.random());
  return life && { life, tags: candidate.tags };
}
