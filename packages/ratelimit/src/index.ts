export type { CheckOptions, RuleCall, RuleCalls } from './call.ts';
export { checkRule } from './check-rule.ts';
export { createLimiter, limitDenials, type AdjustOptions, type Limiter } from './limiter.ts';
export { memoryLimitStore, type MemoryLimitStore, type MemoryLimitStoreOptions } from './memory-store.ts';
export type { LimiterOptions } from './options.ts';
export { RateLimited } from './rate-limited.ts';
export type {
  BlockOptions,
  BucketOptions,
  ConcurrencyOptions,
  GcraOptions,
  IdentityList,
  OwnLimit,
  RuleOptions,
  WhenAway,
  WindowOptions,
} from './rule-options.ts';
export type { BlockPlan, Rule, RuleKind, Standing } from './rule.ts';
export { SlotsLost } from './slot-run.ts';
export type { LimiterFigures, LimiterStats, RuleStats } from './stats.ts';
export type { TargetOptions } from './stewardship.ts';
export type {
  Adjustment,
  Block,
  Charge,
  Held,
  Hold,
  LimitCapabilities,
  LimitStore,
  Peeked,
  StoreCall,
  Taken,
  TakeRequest,
  Target,
} from './store.ts';
export { subnetOf, type SubnetOptions } from './subnet.ts';
export type { DeniedIdentity } from './top-denied.ts';
export type { DecidedBy, RuleVerdict, Verdict } from './verdict.ts';
