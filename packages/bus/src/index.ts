export type {
  Appended,
  Broker,
  BrokerCall,
  BrokerCapabilities,
  ChannelPosition,
  NewRecord,
  ReadRequest,
  Retention,
  Signal,
  StoredRecord,
  StreamPage,
  StreamStore,
} from './broker.ts';
export { Bus, createBus } from './bus.ts';
export type { History, HistoryOptions, PositionOptions } from './history.ts';
export type { Start } from './cursor.ts';
export { createEmitter, type Emitter, type EmitterOptions, type EventHandler } from './emitter.ts';
export {
  busInvalidation,
  type BusInvalidation,
  type CacheNotice,
  type CacheNoticeListener,
  type InvalidationOptions,
} from './invalidation.ts';
export { NoResponder, RequestFailed } from './errors.ts';
export { busSignal, type BusEvent } from './events.ts';
export type { BrokerFeed, FeedKind, FeedListener } from './feed.ts';
export type {
  AddedJob,
  DeadJob,
  DeadPage,
  JobCounts,
  JobLease,
  JobOutcome,
  JobStore,
  NewJob,
  Outcome,
  RedriveOptions,
  TakenJob,
  TakeRequest,
} from './job-store.ts';
export type { Overflow } from './mailbox.ts';
export { memoryBroker } from './memory-broker.ts';
export type { Gap, Message } from './message.ts';
export type { BusOptions } from './options.ts';
export type { Position } from './position.ts';
export {
  busFeed,
  type BusFeed,
  type BusFeedOptions,
  type PresenceNotice,
  type PresenceNoticeListener,
} from './presence-feed.ts';
export type { Publication, PublishOptions } from './publisher.ts';
export type { DeadLetter, QueueCall, QueueView } from './queue.ts';
export type { ErrorPlace } from './receiver.ts';
export type { Answer, ManyRequestCall, RequestCall } from './requests.ts';
export type { RequestMessage, Responder, RespondOptions } from './responder.ts';
export type { BusFigures, BusStats } from './stats.ts';
export type { SubscribeOptions, Subscription, SubscriptionState } from './subscription.ts';
export {
  defineTopic,
  type AnyTopic,
  type DeliveryClass,
  type KeyedOptions,
  type QueueOptions,
  type RequestOptions,
  type StreamOptions,
  type Topic,
  type TopicOptions,
  type WideOptions,
} from './topic.ts';
export type { Schema, SchemaResult } from '@parley/cache-core/kernel';
export { Undoable, type Job, type Worker, type WorkOptions } from './worker.ts';
