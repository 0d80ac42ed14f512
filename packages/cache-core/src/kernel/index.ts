export { abortable, abortError, anySignal, throwIfAborted } from './abort.ts';
export type { Abortable, LinkedSignal } from './abort.ts';
export { exponentialBackoff } from './backoff.ts';
export type { Backoff, BackoffOptions, Random } from './backoff.ts';
export { createBatcher } from './batcher.ts';
export type { BatcherOptions } from './batcher.ts';
export type { LateOutcome } from './bounded.ts';
export { createBreaker, judgeStoreError } from './breaker.ts';
export type { Breaker, BreakerChange, BreakerOptions, BreakerState, Verdict } from './breaker.ts';
export { createBulkhead } from './bulkhead.ts';
export type { Bulkhead, BulkheadOptions } from './bulkhead.ts';
export { sleepOn, systemClock, timerLength } from './clock.ts';
export type { Clock, Clocked, SleepOptions, Timer, TimerOptions } from './clock.ts';
export { deadlineIn, withDeadline } from './deadline.ts';
export type { Deadline, DeadlineOptions } from './deadline.ts';
export { describeValue, redact } from './describe.ts';
export { parseDuration } from './duration.ts';
export type { Duration, DurationOptions } from './duration.ts';
export {
  Aborted,
  Closed,
  DeadlineExceeded,
  InvalidArgument,
  isParleyError,
  isRetryable,
  Overloaded,
  ParleyError,
  StoreFault,
  StoreUnavailable,
} from './errors.ts';
export type { ErrorContext, Evidence, KernelErrors, ParleyErrorOptions } from './errors.ts';
export { combineHealth } from './health.ts';
export type { CombineOptions, Health, HealthStatus } from './health.ts';
export { createInstanceId } from './instance-id.ts';
export type { InstanceIdOptions } from './instance-id.ts';
export { joinKey, requireKey, splitKey } from './key.ts';
export type { KeyOptions } from './key.ts';
export { safeLogger, silentLogger } from './logger.ts';
export type { LogFields, Logger } from './logger.ts';
export { createLru } from './lru.ts';
export type { Lru, LruOptions } from './lru.ts';
export { retry } from './retry.ts';
export type { RetryOptions } from './retry.ts';
export type { Schema, SchemaResult } from './schema.ts';
export { createSingleFlight } from './single-flight.ts';
export type { FlightContext, SingleFlight, SingleFlightOptions } from './single-flight.ts';
export { defineSignal, listenerErrors, safeCall } from './telemetry.ts';
export type { ListenerError, TelemetrySignal } from './telemetry.ts';
export { requireInteger, requireMs } from './validate.ts';
export { virtualClock } from './virtual-clock.ts';
export type { VirtualClock, VirtualClockOptions } from './virtual-clock.ts';
