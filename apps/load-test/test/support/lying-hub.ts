import { once } from 'node:events';
import { WebSocketServer, type WebSocket } from 'ws';

/** What becomes of an event on its way to one of the receivers, who are known by their tokens: what is sent instead of it. */
type Mischief = (
  event: { readonly seq: number; readonly content: string },
  receiver: string,
) => readonly Told[];

interface Told {
  readonly seq: number;
  readonly content: string;
}

export interface LyingHubOptions {
  readonly mischief?: Mischief;
  /** Whether it acknowledges the message with this number, or with which error it refuses it. @default always */
  readonly acknowledges?: (
    seq: number,
  ) => boolean | { readonly code: string; readonly retryable: boolean; readonly retryAfter?: number };
}

export interface LyingHub extends AsyncDisposable {
  readonly url: string;
  readonly connections: number;
}

interface Heard {
  readonly type: string;
  readonly token?: string;
  readonly ref?: string;
  readonly positions?: Readonly<Record<string, number>>;
  readonly channelId?: string;
  readonly clientId?: string;
  readonly content?: string;
}

/** The least that speaks the protocol of a hub for one channel, and breaks its promises on demand. */
export async function startLyingHub({
  mischief = (event) => [event],
  acknowledges = () => true,
}: LyingHubOptions = {}): Promise<LyingHub> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  const receivers = new Map<string, WebSocket>();
  const log: Told[] = [];
  const known = new Map<string, number>();
  await once(server, 'listening');

  const say = (socket: WebSocket, frame: object): void => socket.send(JSON.stringify(frame));
  const tell = (socket: WebSocket, channelId: string, { seq, content }: Told): void =>
    socket.send(
      `{"type":"event","event":${JSON.stringify({ type: 'channel.message', message: { content } })},"timestamp":1,"senderId":"s","channelId":"${channelId}","seq":${seq},"epoch":"e"}`,
    );

  const channelId = 'c-1';
  const greet = (socket: WebSocket, { token = '', positions = {} }: Heard): void => {
    say(socket, { type: 'welcome', epoch: 'e', heartbeat: 30_000 });
    const after = positions[channelId];
    for (const told of after === undefined ? [] : log.slice(after)) tell(socket, channelId, told);
    say(socket, { type: 'caught_up', channelId, seq: log.length });
    receivers.set(token, socket);
    socket.on('close', () => {
      if (receivers.get(token) === socket) receivers.delete(token);
    });
  };

  const take = (socket: WebSocket, { ref, channelId = '', clientId = '', content = '' }: Heard): void => {
    const before = known.get(clientId);
    const seq = before ?? log.length + 1;
    const verdict = acknowledges(seq);
    if (typeof verdict === 'object') return say(socket, { type: 'error', ref, error: verdict });
    if (before === undefined) {
      known.set(clientId, seq);
      log.push({ seq, content });
      for (const [name, receiver] of receivers)
        for (const told of mischief({ seq, content }, name)) tell(receiver, channelId, told);
    }
    if (verdict) say(socket, { type: 'ack', ref, channelId, messageId: `m${seq}`, seq });
  };

  server.on('connection', (socket) => {
    socket.on('message', (data: Buffer) => {
      const heard: Heard = JSON.parse(data.toString());
      if (heard.type === 'hello') greet(socket, heard);
      else if (heard.type === 'send') take(socket, heard);
    });
  });
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? (address?.port ?? 0) : 0}`,
    get connections() {
      return receivers.size;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of server.clients) socket.terminate();
      server.close();
      await once(server, 'close');
    },
  };
}
