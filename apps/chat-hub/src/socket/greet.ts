import type { IncomingMessage } from 'node:http';
import { HubError, limits, version, type ClientFrameOf, type ServerFrameOf } from '@parley/hub-protocol';
import type { Caller } from '../access/caller.ts';
import type { SocketServices } from './services.ts';

/**
 * Who opens the connection: by the header `authorization`, else by the token in `hello`, else by the cookie, which counts only on pages of the
 * hub: browsers send it along whoever wrote the page.
 *
 * @throws {HubError} `UNAUTHENTICATED`, or `ORIGIN_REFUSED`
 */
export async function identify(
  request: IncomingMessage,
  { token }: ClientFrameOf<'hello'>,
  { identity, ownOrigin }: Pick<SocketServices, 'identity' | 'ownOrigin'>,
): Promise<Caller> {
  const byHeader = request.headers.authorization !== undefined;
  const byCookie = !byHeader && token === undefined;
  if (byCookie && request.headers.cookie !== undefined && !ownOrigin(request)) {
    throw new HubError('ORIGIN_REFUSED', 'connections with a cookie must come from the pages of this hub');
  }
  const caller = await identity.authenticate(byHeader || token === undefined ? request : token);
  if (caller !== undefined && !(caller.by.kind === 'session' && !ownOrigin(request))) return caller;
  throw new HubError('UNAUTHENTICATED', 'sign in, or bring a token that is valid');
}

/** The origin of the page is where it connects to. */
export function sameOrigin({ headers: { origin, host } }: IncomingMessage): boolean {
  if (origin === undefined || host === undefined) return false;
  return URL.canParse(origin) && new URL(origin).host === host;
}

/** Where a channel is resumed, as `hello` says: numbers mean something only together with their epoch. */
export function resumeAt(
  { positions = {}, epoch: given }: ClientFrameOf<'hello'>,
  epoch: string,
): (channelId: string) => number | 'head' | { readonly resync: 'epoch' } {
  return (channelId) => {
    const position = Object.hasOwn(positions, channelId) ? positions[channelId] : undefined;
    if (position === undefined) return 'head';
    return given === epoch ? position : { resync: 'epoch' };
  };
}

export function welcome(
  { epoch: given, positions = {} }: ClientFrameOf<'hello'>,
  userId: string,
  { epoch, nodeId, bounds }: Pick<SocketServices, 'epoch' | 'nodeId' | 'bounds'>,
): ServerFrameOf<'welcome'> {
  const { content, contentBytes, append, frameBytes, framesPerMessage, listens, watches } = limits;
  const current = epoch();
  return {
    type: 'welcome',
    version,
    epoch: current,
    userId,
    nodeId,
    heartbeat: bounds.heartbeatMs,
    limits: { content, contentBytes, append, frameBytes, framesPerMessage, listens, watches },
    resume: given === current || Object.keys(positions).length === 0 ? 'live' : 'resync',
  };
}
