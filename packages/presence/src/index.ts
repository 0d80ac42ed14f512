export type { Change, ChangeBatch, Changed, Outcome, RemoveEntry, SetEntry } from './change.ts';
export type { Counts, PresenceEvent, PresenceListener, Roster } from './channel-view.ts';
export type { ConnectionUpdate, ConnectOptions } from './connection.ts';
export type { Connection } from './connection.ts';
export type { Feed, FeedListener, Following, Notice } from './feed.ts';
export type { Details, Member, Profile, UserPresence } from './member.ts';
export { memoryFeed } from './memory-feed.ts';
export { memoryPresenceStore, type MemoryPresenceStore } from './memory-store.ts';
export type { PresenceOptions } from './options.ts';
export { createPresence, type CreatePresenceOptions, type Presence, type UserListener } from './presence.ts';
export type { Agent, AgentCard, AgentOptions, AgentRegistry, Registration } from './registry.ts';
export type { PresenceFigures, PresenceStats } from './stats.ts';
export type { Activity, Availability, KeptStatus, ManualStatus, Status, StatusText } from './status.ts';
export type {
  Beat,
  PresenceCapabilities,
  PresenceStore,
  ReapCall,
  Reaped,
  ReadRequest,
  StoreCall,
} from './store.ts';
export type { Typing, Typist, TypingNow, TypingOptions } from './typing.ts';
export type { Appended, Diff, Position, StoredMember, View } from './view.ts';
export type { Watch } from './watch.ts';
