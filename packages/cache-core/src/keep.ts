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
  const { policies, random, classes } = core.options;
  const lifeFor = (ms: number): EntryLife | undefined => lifeOf(value, ms, rules, random());
  if (policies.length === 0) {
    const life = lifeFor(ttlMs);
    return life && { life, tags };
  }
  const candidate = { namespace: space.path, key, value, tags, ttlMs, origin };
  for (const policy of policies) {
    const decision = safeCall(`policy ${policy.name}`, () => policy.decide?.(candidate));
    if (decision?.keep === false) return undefined;
    if (decision?.ttl !== undefined) candidate.ttlMs = parseTtl('policy.ttl', decision.ttl, classes, 1);
    if (decision?.tags !== undefined) candidate.tags = [...candidate.tags, ...checkTags(decision.tags)];
  }
  const life = lifeFor(candidate.ttlMs);
  return life && { life, tags: candidate.tags };
}
