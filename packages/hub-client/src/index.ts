export { connectHub } from './connect-hub.ts';
export type { Hub, SendDraft, Sending } from './hub.ts';
export type { EventListener, Listened } from './listeners.ts';
export type { HubOptions, Positions, PositionStore } from './options.ts';
export type { CallArguments, CallRoute } from './rest.ts';
export type { SocketConstructor, SocketLike } from './socket.ts';
export type { ChannelState, ConnectionState, HubState, Outgoing, ThreadState } from './state.ts';
export type { MessageStream } from './stream.ts';
