import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { limits } from '@parley/hub-protocol';
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

/** Answers a request for a socket with that there is none. */
export function refuse(socket: Duplex, status: '404 Not Found' | '503 Service Unavailable'): void {
  socket.on('error', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}
