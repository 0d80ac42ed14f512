import { createServer } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { readyToServe } from './ready-to-serve.ts';
import { serverFrame } from './ws-frames.ts';

/**
 * The least that tells everybody what anybody says: what came within the window goes as one frame, which is made once and written to all
 * sockets as it is. A window of 0 ends with the turn of the event loop.
 */
const windowMs = Number(process.env['FANOUT_WINDOW_MS'] ?? 0);
const server = createServer();
const sockets = new Set<Duplex>();
let pending: Buffer[] = [];

new WebSocketServer({ server, perMessageDeflate: false }).on('connection', (ws, { socket }) => {
  sockets.add(socket);
  ws.on('close', () => sockets.delete(socket));
  ws.on('error', () => {});
  ws.on('message', (content: Buffer) => {
    if (pending.length > 0) pending.push(lineEnd);
    else if (windowMs === 0) setImmediate(flush);
    else setTimeout(flush, windowMs);
    pending.push(content);
  });
});

const lineEnd = Buffer.from('\n');

function flush(): void {
  const frame = serverFrame(Buffer.concat(pending));
  pending = [];
  for (const socket of sockets) socket.write(frame);
}

readyToServe(server, 'Bare');
