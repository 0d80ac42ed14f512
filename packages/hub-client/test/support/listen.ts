import { WebSocketServer } from 'ws';
import type { FakeHub } from './fake-hub.ts';

/** Lets a fake hub speak over real sockets. */
export async function listenOnLoopback(
  hub: FakeHub,
): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, path: '/api/v1/socket' });
  server.on('connection', (ws) => {
    const { take, gone } = hub.connect({
      write: (text) => ws.send(text),
      // 1006 is what a cut connection looks like, and cannot be said.
      close: (code) => (code === 1006 ? ws.terminate() : ws.close(code)),
    });
    ws.on('message', (data) => take(Buffer.isBuffer(data) ? data.toString() : ''));
    ws.on('close', gone);
    ws.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.once('listening', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: async () => {
      for (const ws of server.clients) ws.terminate();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
