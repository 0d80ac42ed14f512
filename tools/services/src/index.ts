export { MissingPrivilegeError, MissingServerError, PortTakenError, ServerFailedError } from './errors.ts';
export type { Program, ProgramName } from './programs.ts';
export { programs } from './programs.ts';
export { resolveProgram } from './resolve.ts';
export type { Browser, CDPSession, Page } from 'playwright-core';
export { startChromium } from './chromium.ts';
export { freePort } from './ports.ts';
export { startS3, type S3Options, type S3Server } from './s3.ts';
export type { NodeProcess, StartNodeOptions } from './node-process.ts';
export { startNode } from './node-process.ts';
export type { RedisOptions, RedisServer } from './redis.ts';
export { startRedis } from './redis.ts';
export type { RedisAccess } from './redis-admin.ts';
export type { ClusterNode, RedisCluster, RedisClusterOptions } from './redis-cluster.ts';
export { startRedisCluster } from './redis-cluster.ts';
export type { RedisConfig } from './redis-config.ts';
export type { RedisSentinel, RedisSentinelOptions } from './redis-sentinel.ts';
export { startRedisSentinel } from './redis-sentinel.ts';
export type { SentinelServer } from './redis-sentinel-process.ts';
export type { ExitStatus, Server, ServerProcess } from './server.ts';
export type { SharedRedis, SharedRedisCluster, SharedRedisSentinel } from './shared.ts';
export { sharedRedis, sharedRedisCluster, sharedRedisSentinel } from './shared.ts';
export type { UntilOptions } from './until.ts';
export { until } from './until.ts';
export type { FaultProxy, ProxyCounters, ProxyTarget, ReplyLoss, ReplyLossOptions } from './faults/proxy.ts';
export { startProxy } from './faults/proxy.ts';
export type { Partition, PartitionAddress } from './faults/partition.ts';
export { partitionHost, startPartition } from './faults/partition.ts';
export type { PostgresOptions, PostgresServer } from './postgres.ts';
export { startPostgres } from './postgres.ts';
export type { Backends, PostgresAdmin, PostgresSchema } from './postgres-admin.ts';
export type { PostgresPair, PostgresPairOptions } from './postgres-standby.ts';
export { startPostgresPair } from './postgres-standby.ts';
export { startSmallDisk, type SmallDisk } from './faults/small-disk.ts';
export type { SkewedClockOptions, SkewedProcess, SpawnSkewedOptions } from './faults/skewed-clock.ts';
export { skewedClockEnv, spawnSkewed } from './faults/skewed-clock.ts';
export type { PgliteOptions, PgliteServer } from './pglite.ts';
export { openPglite } from './pglite.ts';
export type { SharedPostgres } from './shared-postgres.ts';
export { sharedPostgres } from './shared-postgres.ts';
export { runBusChaos, type BusChaosWorld } from './bus-chaos.ts';
export type { Chaos, ChaosContext } from './chaos.ts';
export { newSeed } from './chaos.ts';
export { proofMs } from './proof.ts';
export type { Random } from './random.ts';
export { seededRandom } from './random.ts';
export { Ledger, type LedgerGap, type LedgerPlace, type LedgerTotals } from './ledger.ts';
export {
  BusTraffic,
  type TrafficBus,
  type TrafficOptions,
  type TrafficReader,
  type TrafficSubscription,
} from './bus-traffic.ts';
export {
  checkLinearizable,
  type CheckOptions,
  type Operation,
  type SequentialModel,
  type Verdict,
} from './linearizable/check.ts';
export {
  counterModel,
  fencedModel,
  lockModel,
  registerModel,
  withExpiry,
  type LockInput,
  type LockOutput,
  type RegisterInput,
} from './linearizable/models.ts';
export {
  quotaModel,
  slotsModel,
  withoutLostTokens,
  type QuotaInput,
  type QuotaOutput,
  type SlotsInput,
} from './linearizable/limit-models.ts';
export {
  runLimitHistory,
  type LimitTotals,
  type LimitTrafficOptions,
  type TrafficLimitStore,
  type TrafficRule,
} from './limit-traffic.ts';
export { misbehave, type Mischief } from './misbehave.ts';
export {
  runLockHistory,
  runLockHolders,
  type HeldTotals,
  type LockTotals,
  type LockTrafficOptions,
  type TrafficLock,
  type TrafficLocks,
  type TrafficLockStore,
} from './lock-traffic.ts';
export { type TrafficTransaction, type TrafficTransactions } from './lock-transactions.ts';
