import type { Server } from 'node:http';

export function originOf(server: Server): string {
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new TypeError('a server that listens');
  return `http://127.0.0.1:${address.port}`;
}

export async function closed(server: Server): Promise<void> {
  const over = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await over;
}
