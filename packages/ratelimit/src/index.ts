export { checkRule } from './check-rule.ts';
export { memoryLimitStore, type MemoryLimitStore, type MemoryLimitStoreOptions } from './memory-store.ts';
export type { BlockPlan, Rule, RuleKind, Standing } from './rule.ts';
export type {
  Adjustment,
  Block,
  Charge,
  Hold,
  LimitCapabilities,
  LimitStore,
  Peeked,
  StoreCall,
  Taken,
  TakeRequest,
  Target,
} from './store.ts';
export type { DecidedBy, RuleVerdict, Verdict } from './verdict.ts';
