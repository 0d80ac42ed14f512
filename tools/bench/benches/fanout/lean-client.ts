import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Dialect } from './dialects.ts';
import type { FrameReader, Read } from './frame-reader.ts';
import { clientFrame, FrameSplitter, opcodes } from './ws-frames.ts';

export interface ClientOptions {
  readonly url: string;
  readonly member: number;
  readonly onRead: (read: Read, bytes: number) => void;

  /** The connection was lost, or something refused. */
  readonly onFault: (error: Error) => void;
}

export interface FanoutClient {
  readonly say: (content: string) => void;
  readonly close: () => void;
}

/** A connection that costs its process the same whatever server it leads to. Resolves when it hears everything. */
export async function openLeanClient(
  { url, member, onRead, onFault }: ClientOptions,
  dialect: Dialect,
  reader: FrameReader,
): Promise<FanoutClient> {
  const { socket, head } = await upgraded(`${url}${dialect.path}`);
  const ready = Promise.withResolvers<void>();
  let closed = false;
  const fail = (message: string): void => {
    if (closed) return;
    const error = new Error(`client ${member}: ${message}`);
    ready.reject(error);
    onFault(error);
  };
  const send = (opcode: number, payload: Buffer): void => void socket.write(clientFrame(opcode, payload));
  const say = (line: string): void => send(opcodes.text, Buffer.from(line));
  const other = (line: string): void => {
    if (dialect.isReady?.(line) === true) ready.resolve();
    if (dialect.isRefusal?.(line) === true) fail(`refused with ${line.slice(0, 200)}`);
    const answer = dialect.answer?.(line);
    if (answer !== undefined) say(answer);
  };
  const splitter = new FrameSplitter((opcode, payload) => {
    if (opcode === opcodes.ping) send(opcodes.pong, payload);
    else if (opcode === opcodes.close)
      fail(`the server closed with ${payload.subarray(0, 2).toString('hex')}`);
    else if (opcode === opcodes.text) {
      const read = reader.read(payload);
      for (const line of read.others) other(line);
      onRead(read, payload.length);
    }
  });
  const take = (chunk: Buffer): void => {
    try {
      splitter.push(chunk);
    } catch (error) {
      fail(String(error));
    }
  };
  socket.on('data', take);
  socket.on('error', (error) => fail(error.message));
  socket.on('close', () => fail('the connection was lost'));
  if (head.length > 0) take(head);
  const hello = dialect.hello(member);
  if (hello !== undefined) say(hello);
  if (dialect.isReady === undefined) ready.resolve();
  await ready.promise;
  return {
    say: (content) => say(dialect.say(content)),
    close() {
      closed = true;
      socket.destroy();
    },
  };
}

function upgraded(url: string): Promise<{ socket: Duplex; head: Buffer }> {
  return new Promise((resolve, reject) => {
    const asked = request(url, {
      headers: {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': randomBytes(16).toString('base64'),
      },
    });
    asked.once('error', reject);
    asked.once('response', ({ statusCode }) => reject(new Error(`no upgrade, but ${statusCode}`)));
    asked.once('upgrade', (_, socket, head) => resolve({ socket, head }));
    asked.end();
  });
}
