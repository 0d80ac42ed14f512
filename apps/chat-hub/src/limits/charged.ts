import type { ClientFrame, ClientFrameType } from '@parley/hub-protocol';
import type { NamedRoute, RouteName } from '@parley/hub-protocol/rest';
import type { Action } from './limit-names.ts';

const routes: Readonly<Partial<Record<RouteName, Action>>> = {
  sendMessage: 'message',
  editMessage: 'message',
  deleteMessage: 'message',
  addReaction: 'reaction',
  removeReaction: 'reaction',
  searchMessages: 'search',
  setTyping: 'typing',
  callCommand: 'message',
  createFile: 'upload',
  writeFile: 'upload',
  finishFile: 'upload',
  finishMessage: 'stream',
  markRead: 'read',
};

/** What ends something, and is to work for whoever has just done too much. */
const free: ReadonlySet<RouteName> = new Set<RouteName>([
  'deleteSession',
  'deleteSetupCode',
  'revokeSession',
  'revokeOtherSessions',
  'revokeToken',
  'revokeUserSession',
  'revokeUserSessions',
  'revokeUserTokens',
]);

/** What a request is charged as; undefined: it is not. */
export function actionOfRoute({
  name,
  method,
  auth,
}: Pick<NamedRoute, 'name' | 'method' | 'auth'>): Action | undefined {
  if (auth === 'public' || free.has(name)) return undefined;
  return routes[name] ?? (method === 'GET' ? 'read' : 'change');
}

const frames: Readonly<Partial<Record<ClientFrameType, Action>>> = {
  send: 'message',
  edit: 'message',
  delete: 'message',
  react: 'reaction',
  unreact: 'reaction',
  pin: 'change',
  unpin: 'change',
  typing: 'typing',
  append: 'stream',
  finish: 'stream',
  read: 'read',
  subscribe: 'read',
  watch: 'read',
  watch_agents: 'read',
};

/** What a frame is charged as. All others go by how many frames a socket may send. */
export function actionOfFrame(frame: ClientFrame): Action | undefined {
  // That somebody types no more is to be heard in any case.
  return frame.type === 'typing' && frame.state === 'stop' ? undefined : frames[frame.type];
}

/** What names something that may be sent again. */
export function clientIdOf(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || !('clientId' in body)) return undefined;
  return typeof body.clientId === 'string' ? body.clientId : undefined;
}
