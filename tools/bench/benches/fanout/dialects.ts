import { randomUUID } from 'node:crypto';

/** How a client of one kind of server speaks. Every method is about lines of text: what they are sent in is the same for all. */
export interface Dialect {
  readonly path: string;

  /** Said as soon as the connection stands. */
  readonly hello: (member: number) => string | undefined;

  /** Whether the line says that everything from now on is heard. `undefined` of `hello` and of this: the connection is enough. */
  readonly isReady?: (line: string) => boolean;
  readonly say: (content: string) => string;

  /** What must be answered to a line. */
  readonly answer?: (line: string) => string | undefined;

  /** Whether the line is what everybody is told. @default any with a mark */
  readonly isMessage?: (line: string) => boolean;

  /** Whether the line tells a sender that its message is kept. */
  readonly isAck?: (line: string) => boolean;

  /** Whether the line says that something was refused. */
  readonly isRefusal?: (line: string) => boolean;
}

export type Speech =
  | { readonly kind: 'bare' }
  | { readonly kind: 'socket.io' }
  | { readonly kind: 'hub'; readonly channelId: string; readonly tokens: readonly string[] };

export function dialectOf(speech: Speech): Dialect {
  if (speech.kind === 'bare') return bare;
  return speech.kind === 'hub' ? hub(speech) : socketIo;
}

const bare: Dialect = { path: '/', hello: () => undefined, say: (content) => content };

/** Version 5 of the protocol of Socket.IO within version 4 of that of Engine.IO, without a first request over HTTP. */
const socketIo: Dialect = {
  path: '/socket.io/?EIO=4&transport=websocket',
  hello: () => '40',
  isReady: (line) => line.startsWith('40'),
  say: (content) => `42${JSON.stringify(['message', content])}`,
  answer: (line) => (line === '2' ? '3' : undefined),
  isRefusal: (line) => line.startsWith('44') || line.startsWith('41') || line === '1',
};

function hub({ channelId, tokens }: Speech & { kind: 'hub' }): Dialect {
  let refs = 0;
  return {
    path: '/api/v1/socket',
    hello: (member) =>
      JSON.stringify({ type: 'hello', version: 1, subscribe: [channelId], token: tokens[member] }),
    isReady: (line) => line.startsWith('{"type":"caught_up"'),
    say: (content) =>
      JSON.stringify({ type: 'send', channelId, clientId: randomUUID(), content, ref: `r${(refs += 1)}` }),
    isMessage: (line) => line.startsWith('{"type":"event"'),
    isAck: (line) => line.startsWith('{"type":"ack"'),
    isRefusal: (line) => line.startsWith('{"type":"error"'),
  };
}
