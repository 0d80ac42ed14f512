export { limitHeaders, type LimitHeaderOptions } from './headers.ts';
export {
  byAddress,
  byHeader,
  firstOf,
  headerIdentity,
  type AddressOptions,
  type Caller,
  type Identify,
} from './http-identity.ts';
export {
  requestLimit,
  type RequestCost,
  type RequestLimit,
  type RequestLimitOptions,
  type RequestRule,
  type Ruling,
} from './http-limit.ts';
export { limitProblem, problemType, type LimitProblem } from './http-problem.ts';
export type { TrustOptions } from './http-proxies.ts';
export { requestVerdict } from './http-verdict.ts';
