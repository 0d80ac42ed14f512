import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Listens on a free port, and says so as whoever started this process expects it. */
export function readyToServe(server: Server, name: string): void {
  server.listen(0, '127.0.0.1', () => {
    const address: AddressInfo | string | null = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    console.log(`${name} is ready: http://127.0.0.1:${address.port}/`);
  });
  process.on('SIGTERM', () => process.exit(0));
}
