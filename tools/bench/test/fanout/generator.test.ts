import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { Generator } from '../../benches/fanout/generator.ts';
import { markIn } from '../../benches/fanout/mark.ts';
import { outcomeOf } from '../../benches/fanout/outcome.ts';
import type { Outcome } from '../../benches/fanout/outcome.ts';
import { machineMs } from '../../benches/presence/machine-clock.ts';

const [members, messages] = [6, 60];

interface Told {
  readonly content: string;
  readonly number: number;

  /** Who is told, by the order of the connections. */
  readonly receiver: number;
  readonly send: (content: string) => void;
  readonly hangUp: () => void;
}

/** A server that tells everybody what anybody says, in its own way. */
async function serverThat(tell: (told: Told) => void): Promise<string> {
  const http = createServer();
  const server = new WebSocketServer({ server: http });
  onTestFinished(() => {
    server.close();
    http.close();
  });
  server.on('connection', (ws) => {
    ws.on('message', (data: Buffer) => {
      const content = data.toString();
      const number = markIn(content)?.number ?? -1;
      for (const [receiver, other] of [...server.clients].entries())
        tell({
          content,
          number,
          receiver,
          send: (text) => other.send(text),
          hangUp: () => other.terminate(),
        });
    });
  });
  await once(http.listen(0, '127.0.0.1'), 'listening');
  const address: AddressInfo | string | null = http.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://127.0.0.1:${address.port}`;
}

async function connect(url: string): Promise<Generator> {
  const plan = { url, speech: { kind: 'bare' }, members, ownClients: false, workers: 2 } as const;
  const generator = await Generator.connect(plan);
  onTestFinished(() => generator.close());
  return generator;
}

async function run(generator: Generator, nth = 1, drainMs = 500): Promise<Outcome> {
  const from = machineMs() + 50;
  return outcomeOf(await generator.run({ run: nth, messages, perSecond: 200, length: 200, from, drainMs }));
}

async function figuresOf(tell: (told: Told) => void, drainMs?: number): Promise<Outcome['figures']> {
  return (await run(await connect(await serverThat(tell)), 1, drainMs)).figures;
}

const right = { lost: 0, doubled: 0, disordered: 0, orders: 1 };

test('of an honest server there is nothing to say', async () => {
  const generator = await connect(await serverThat(({ send, content }) => send(content)));
  const outcome = await run(generator, 1, 60_000);
  expect(outcome).toMatchObject({ delivered: members * messages, figures: right });
  expect(outcome.figures['bytesPerDelivery']).toBe(200);
  const { p50 = 0, p99 = 0, max = 0 } = outcome.figures;
  expect(p50 > 0 && p50 <= p99 && p99 <= max).toBe(true);
});

test('a message that one receiver was not told is found', async () => {
  const figures = await figuresOf(({ send, content, number, receiver }) => {
    if (number !== 20 || receiver !== 3) send(content);
  });
  expect(figures).toMatchObject({ ...right, lost: 1 });
  expect(figures['held']).toBeLessThan(1);
});

test('a message that one receiver was told twice is found', async () => {
  const figures = await figuresOf(({ send, content, number, receiver }) => {
    send(content);
    if (number === 20 && receiver === 3) send(content);
  }, 60_000);
  expect(figures).toMatchObject({ ...right, doubled: 1 });
});

test('what is told once more when all was over is found in the next run', async () => {
  let late: string | undefined;
  const tell = ({ send, content, receiver }: Told): void => {
    if (receiver === 3 && late !== undefined && !content.startsWith(late.slice(0, 9))) {
      send(late);
      late = undefined;
    }
    send(content);
    if (receiver === 3 && markIn(content)?.run === 1) late = content;
  };
  const generator = await connect(await serverThat(tell));
  expect((await run(generator, 1, 60_000)).figures).toMatchObject(right);
  expect((await run(generator, 2, 60_000)).figures).toMatchObject({ ...right, doubled: 1 });
});

test('messages of one sender in the wrong order are found, and so is who was shown another order', async () => {
  let held: string | undefined;
  // The next message of the same sender overtakes it, and with it those of all others in between.
  const figures = await figuresOf(({ send, content, number, receiver }) => {
    if (receiver !== 3) return send(content);
    if (number === 20) held = content;
    else send(content);
    if (number === 20 + members && held !== undefined) {
      send(held);
      held = undefined;
    }
  }, 60_000);
  expect(figures).toMatchObject({ ...right, disordered: 1, orders: 2 });
});

test('a server that is too slow does not hold the rate, and its delays count from when messages were due', async () => {
  const figures = await figuresOf(({ send, content }) => {
    setTimeout(() => send(content), 1_000);
  }, 60_000);
  expect(figures).toMatchObject({ lost: 0, doubled: 0 });
  expect(figures['p50']).toBeGreaterThanOrEqual(999);
  // The first messages come 1 s late, long after the last was due.
  expect(figures['held']).toBe(0);
});

test('a connection that is lost is a failure, and no loss of messages', async () => {
  const generator = await connect(
    await serverThat(({ send, content, number, receiver, hangUp }) => {
      if (number >= 20 && receiver === 3) hangUp();
      else send(content);
    }),
  );
  await expect(run(generator, 1, 60_000)).rejects.toThrow(/the generator failed: client \d: /u);
});

test('a server that answers otherwise than with a WebSocket is told', async () => {
  const http = createServer((_, response) => response.writeHead(404).end());
  onTestFinished(() => void http.close());
  await once(http.listen(0, '127.0.0.1'), 'listening');
  const address: AddressInfo | string | null = http.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  await expect(connect(`http://127.0.0.1:${address.port}`)).rejects.toThrow('no upgrade, but 404');
});
