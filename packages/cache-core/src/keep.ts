import type { Core } from './core.ts';
import { lifeOf, type EntryLife } from './entry.ts';
import { safeCall } from './kernel/telemetry.ts';
import type { Asked } from './lookup.ts';
import { checkTags, parseTtl, type TtlClasses } from './options.ts';
import type { CachePolicy, Candidate } from './policy.ts';

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
    const decision = safeCall(`policy ${policy.name}`, () => decide(policy, candidate, classes));
    if (decision === undefined) continue;
    if (!decision.keep) return undefined;
    candidate.ttlMs = decision.ttlMs;
    candidate.tags = decision.tags;
  }
  const life = lifeFor(candidate.ttlMs);
  return life && { life, tags: candidate.tags };
}

interface Decided {
  readonly keep: boolean;
  readonly ttlMs: number;
  readonly tags: readonly string[];
}

/** A decision that cannot be carried out is refused as a whole, as if it had been thrown: no write fails because of a policy. */
function decide(policy: CachePolicy, candidate: Candidate, classes: TtlClasses): Decided {
  const { keep = true, ttl, tags } = policy.decide?.(candidate) ?? {};
  if (!keep) return { ...candidate, keep };
  const own = `policies.${policy.name}`;
  return {
    keep,
    ttlMs: ttl === undefined ? candidate.ttlMs : parseTtl(`${own}.ttl`, ttl, classes, 1),
    tags: tags === undefined ? candidate.tags : [...candidate.tags, ...checkTags(tags, `${own}.tags`)],
  };
}
