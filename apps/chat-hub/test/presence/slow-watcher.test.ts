import { expect, test } from 'vitest';
import { Rosters } from '../../src/presence/rosters.ts';
import { FrameFigures } from '../../src/socket/frame-figures.ts';
import { SocketOutlet } from '../../src/socket/outlet.ts';
import type { SocketEnd } from '../../src/socket/socket-end.ts';
import { Ticker } from '../../src/socket/ticker.ts';
import { PresenceLine } from '../support/presence-line.ts';
import { textsIn } from '../support/texts-in.ts';

/** A socket whose other side takes nothing until it is told to. */
class HeldSocket implements SocketEnd {
  isOpen = true;
  readonly sent: string[] = [];
  bufferedAmount = 0;
  #taken: (() => void)[] = [];

  write(frame: Buffer, taken: () => void): void {
    this.sent.push(...textsIn(frame).flatMap((text) => text.split('\n')));
    this.bufferedAmount += frame.length;
    this.#taken.push(taken);
  }

  close(): void {
    this.isOpen = false;
  }

  take(): void {
    this.bufferedAmount = 0;
    for (const taken of this.#taken.splice(0)) taken();
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('who takes nothing and asks for a large roster again and again costs no more than one, and is told how it is in the end', async () => {
  const { presence, clock } = new PresenceLine();
  const rosters = new Rosters({ presence, clock });
  for (let i = 0; i < 500; i += 1) {
    const user = `user-${i}-${'x'.repeat(100)}`;
    void presence.connect({ user }).join('lab');
  }
  await clock.settle();
  const ws = new HeldSocket();
  const outlet = new SocketOutlet(ws, { ticker: new Ticker(clock), clock, figures: new FrameFigures() });
  const held = rosters.hold('lab', outlet);
  const ready = held.ready();
  await clock.settle();
  await ready;
  for (let times = 0; times < 200; times += 1) {
    held.begin();
    if (times % 50 === 0) await turn();
  }
  const [first = ''] = ws.sent;
  expect(first.length).toBeGreaterThan(50_000);
  expect(ws.bufferedAmount + outlet.load).toBeLessThan(1_000_000);

  const late = presence.connect({ user: 'late' });
  void late.join('lab');
  await clock.advance(10_000);
  for (let times = 0; times < 10 && ws.bufferedAmount + outlet.load > 0; times += 1) {
    ws.take();
    await turn();
    await turn();
  }
  expect(ws.sent.at(-1)).toContain('"late"');
  rosters.close();
});
