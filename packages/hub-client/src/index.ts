export { callHub } from './call-hub.ts';
export type { CallOptions } from './call-hub.ts';
export { connectHub } from './connect-hub.ts';
export type { Hub, SendDraft, Sending } from './hub.ts';
export type { EventListener, Listened } from './listeners.ts';
export type { HubOptions, Positions, PositionStore } from './options.ts';
export type { Activity, AgentCard } from './presence/oneself.ts';
export type { CallArguments, CallRoute } from './rest.ts';
export type { SocketConstructor, SocketLike } from './socket.ts';
export type {
  AgentsState,
  ChannelState,
  ConnectionState,
  HubState,
  Outgoing,
  RosterState,
  ThreadState,
} from './state.ts';
