import { createServer } from 'node:net';

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Rejects as listening would: what cannot be listened on is to be known before a database is opened, which takes its time. */
export async function requireFree({ host, port }: Address): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, resolve);
  });
  await new Promise((resolve) => void server.close(resolve));
}
