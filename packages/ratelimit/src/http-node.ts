import type { IncomingMessage } from 'node:http';
import type { Caller } from './http-identity.ts';

/** What Node knows of who sent a request. */
export function nodeCaller({ socket, headers }: Pick<IncomingMessage, 'socket' | 'headers'>): Caller {
  return {
    address: socket.remoteAddress,
    header: (name) => {
      const value = headers[name];
      return Array.isArray(value) ? value.join(', ') : value;
    },
  };
}

/** What is used of a response of Node. */
export interface Answer {
  readonly destroyed: boolean;
  once(event: 'close', listener: () => void): unknown;
}

/** When the response was sent, or its client has gone. */
export const answered = (response: Answer): Promise<void> =>
  new Promise((resolve) => {
    if (response.destroyed) resolve();
    else response.once('close', resolve);
  });

/** A request may pass several limits: lists go on, of all else the last one counts. */
export const isListField = (name: string): boolean => name === 'RateLimit' || name === 'RateLimit-Policy';
