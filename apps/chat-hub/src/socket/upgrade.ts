import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { limits, toProblem, type HubError } from '@parley/hub-protocol';
import { WebSocketServer, type WebSocket } from 'ws';

const socketPath = '/api/v1/socket';

export type Upgrade = (
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  then: (ws: WebSocket) => void,
) => void;

/** Turns requests into sockets. Nothing is compressed: it would cost memory for each socket, and work for each message. */
export function createUpgrade(): Upgrade {
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: limits.frameBytes,
    perMessageDeflate: false,
    clientTracking: false,
  });
  return (request, socket, head, then) => server.handleUpgrade(request, socket, head, then);
}

export function isSocketPath({ url = '' }: IncomingMessage): boolean {
  return url === socketPath || url.startsWith(`${socketPath}?`);
}

/** How long who was refused may take to hear it. */
const hearMs = 5_000;

/** Answers a request for a socket with that there is none. No timeout of the server applies to it any more, and the other end may never close. */
export function refuse(socket: Duplex, error: HubError): void {
  const { status, retryAfter } = error;
  const body = JSON.stringify(toProblem(error));
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'connection: close',
    'content-type: application/problem+json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    ...(retryAfter === undefined ? [] : [`retry-after: ${Math.ceil(retryAfter / 1_000)}`]),
  ];
  socket.once('finish', () => socket.destroy());
  setTimeout(() => socket.destroy(), hearMs).unref();
  socket.resume();
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
