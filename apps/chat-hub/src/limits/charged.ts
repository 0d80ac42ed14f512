import type { ClientFrame } from '@parley/hub-protocol';
import type { NamedRoute, RouteName } from '@parley/hub-protocol/rest';
import type { Action } from './limit-names.ts';

const routes: Readonly<Partial<Record<RouteName, Action>>> = {
  sendMessage: 'message',
  editMessage: 'message',
  deleteMessage: 'message',
  addReaction: 'reaction',
  removeReaction: 'reaction',
  setTyping: 'typing',
};

/** What ends something, and is to work for whoever has just done too much. */
const free: ReadonlySet<RouteName> = new Set<RouteName>([
  'deleteSession',
  'revokeSession',
  'revokeOtherSessions',
  'revokeToken',
  'finishMessage',
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

/** What a frame is charged as. What a message streams, and what is followed, goes by how many frames a socket may send. */
export function actionOfFrame(frame: ClientFrame): Action | undefined {
  switch (frame.type) {
    case 'send':
    case 'edit':
    case 'delete':
      return 'message';
    case 'react':
    case 'unreact':
      return 'reaction';
    case 'pin':
    case 'unpin':
      return 'change';
    case 'typing':
      return frame.state === 'start' ? 'typing' : undefined;
    default:
      return undefined;
  }
}

/** What names something that may be sent again. */
export function clientIdOf(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || !('clientId' in body)) return undefined;
  return typeof body.clientId === 'string' ? body.clientId : undefined;
}
