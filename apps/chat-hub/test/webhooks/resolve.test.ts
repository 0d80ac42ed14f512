import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createResolver } from '../../src/webhooks/resolve.ts';

/** What a name server answers to a question: addresses, that there are none, or nothing. */
type Answer = readonly (readonly number[])[] | 'unknown' | 'silent';

const answers: Record<string, Answer> = {
  known: [
    [192, 0, 2, 1],
    [192, 0, 2, 2],
  ],
  unknown: 'unknown',
  silent: 'silent',
};
const server = createSocket('udp4');
let servers: string[];
let asked = 0;

beforeAll(async () => {
  server.on('message', (question, { port, address }) => {
    asked += 1;
    const length = question[12] ?? 0;
    const answer = answers[question.toString('latin1', 13, 13 + length)] ?? 'unknown';
    if (answer === 'silent') return;
    const reply = replyTo(question, length, answer);
    server.send(reply, port, address);
  });
  server.bind(0, '127.0.0.1');
  await once(server, 'listening');
  servers = [`127.0.0.1:${server.address().port}`];
});
afterAll(() => void server.close());

/** The question is the name, its end, a type and a class; only addresses of version 4 are known. */
function replyTo(question: Buffer, length: number, answer: Exclude<Answer, 'silent'>): Buffer {
  const end = 12 + 1 + length + '.example'.length + 1 + 4;
  const isFour = question.readUInt16BE(end - 4) === 1;
  const records = answer === 'unknown' || !isFour ? [] : answer;
  const head = Buffer.from(question.subarray(0, end));
  head.writeUInt16BE(answer === 'unknown' ? 0x81_83 : 0x81_80, 2);
  head.writeUInt16BE(records.length, 6);
  head.writeUInt32BE(0, 8);
  const bodies = records.map((bytes) => Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 9, 0, 4, ...bytes]));
  return Buffer.concat([head, ...bodies]);
}

const { signal } = new AbortController();

test('all addresses of a name are those that a name server knows, and the system is not asked', async () => {
  const resolve = createResolver({ servers, lookup: async () => Promise.reject(new Error('it was asked')) });
  expect(await resolve('known.example', signal)).toEqual([
    { address: '192.0.2.1' },
    { address: '192.0.2.2' },
  ]);
});

test('a name server that is silent is given up, and takes no thread of the process', async () => {
  const looked: string[] = [];
  const lookup = async (host: string) => {
    looked.push(host);
    return [];
  };
  const resolve = createResolver({ servers, timeoutMs: 50, lookup });
  const before = asked;
  await expect(resolve('silent.example', signal)).rejects.toMatchObject({ code: 'ETIMEOUT' });
  expect(asked).toBeGreaterThan(before);
  expect(looked).toEqual([]);
});

test('what no name server knows the system is asked for, one at a time, and for nobody who waits no more', async () => {
  const looked: string[] = [];
  const first = Promise.withResolvers<void>();
  const lookup = async (host: string) => {
    looked.push(host);
    if (looked.length === 1) await first.promise;
    return [{ address: '127.0.0.1' }];
  };
  const resolve = createResolver({ servers, lookup });
  const over = new AbortController();
  const one = resolve('unknown.example', signal);
  await expect.poll(() => looked).toEqual(['unknown.example']);
  const rest = Promise.allSettled([
    resolve('unknown.example', over.signal),
    resolve('unknown.example', signal),
  ]);
  over.abort();
  expect(looked).toHaveLength(1);
  first.resolve();
  expect(await one).toEqual([{ address: '127.0.0.1' }]);
  expect(await rest).toMatchObject([
    { reason: { name: 'AbortError' } },
    { value: [{ address: '127.0.0.1' }] },
  ]);
  expect(looked).toHaveLength(2);
});
