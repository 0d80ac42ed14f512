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

type Listening = {
  once(event: 'close', listener: () => void): unknown;
  off(event: 'close', listener: () => void): unknown;
};

/** What is used of a response of Node: those of HTTP/2 have a stream instead of `destroyed`. */
export interface Answer extends Listening {
  readonly destroyed?: boolean | undefined;
  readonly stream?: (Listening & { readonly destroyed: boolean }) | undefined;
}

/** What is used of a connection. */
export type Connection = Listening & { readonly destroyed: boolean };

/**
 * When the response was sent, or its client has gone, before this was asked too. Node does not tell each response that its connection closed: not
 * those that waited for their turn on it.
 */
export const answered = (response: Answer, request: { readonly socket: Connection }): Promise<void> =>
  new Promise((resolve) => {
    // Of HTTP/2 the stream is what ends with the response, and its connection may not be touched any more.
    const under = response.stream ?? request.socket;
    const close = (): void => {
      response.off('close', close);
      forget();
      resolve();
    };
    if (response.destroyed === true || under.destroyed) {
      resolve();
      return;
    }
    response.once('close', close);
    const forget = whenClosed(under, close);
  });

const waiting = new WeakMap<Listening, Set<() => void>>();

/** One listener for all requests of a connection: of more than ten Node warns. Answers how to stop waiting. */
function whenClosed(under: Listening, then: () => void): () => void {
  const all = waiting.get(under) ?? new Set<() => void>();
  if (!waiting.has(under)) {
    waiting.set(under, all);
    under.once('close', () => {
      for (const each of all) each();
    });
  }
  all.add(then);
  return () => void all.delete(then);
}

/** A request may pass several limits: lists go on, of all else the last one counts. */
export const isListField = (name: string): boolean => name === 'RateLimit' || name === 'RateLimit-Policy';
