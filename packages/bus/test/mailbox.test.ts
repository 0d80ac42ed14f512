import { describe, expect, it } from 'vitest';
import { Mailbox, type MailboxOptions, type Overflow } from '../src/mailbox.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function mailboxStage(overflow: Overflow, capacity: number, options: Partial<MailboxOptions<string>> = {}) {
  const handled: string[] = [];
  const told: string[] = [];
  const going: (() => void)[] = [];
  const box = new Mailbox<string>({
    handle: (item) => {
      handled.push(item);
      return new Promise((resolve) => going.push(resolve));
    },
    capacity,
    overflow,
    keyOf: (item) => (item.includes('=') ? item.split('=')[0] : undefined),
    onRoom: () => told.push(`room at ${box.size}`),
    onDrop: (item) => told.push(`dropped ${item}`),
    onOverrun: () => told.push('overrun'),
    ...options,
  });
  const push = (...items: string[]): boolean[] => items.map((item) => box.push(item));
  const go = async (count = 1): Promise<void> => {
    for (let i = 0; i < count; i++) {
      going.shift()?.();
      await turn();
    }
  };
  return { box, handled, told, push, go };
}

describe('a mailbox', () => {
  it('hands over at once what is handled at once, and keeps nothing', () => {
    const handled: string[] = [];
    const handle = (item: string): undefined => void handled.push(item);
    const { box, push } = mailboxStage('wait', 1, { handle });
    expect(push('1', '2', '3')).toEqual([true, true, true]);
    expect([handled, box.size, box.busy]).toEqual([['1', '2', '3'], 0, false]);
  });

  it('hands over one at a time, in order', async () => {
    const { handled, push, go, box } = mailboxStage('wait', 10);
    push('1', '2', '3');
    expect([handled, box.size, box.busy]).toEqual([['1'], 2, true]);
    await go(3);
    expect([handled, box.busy]).toEqual([['1', '2', '3'], false]);
  });

  it('that should wait asks for no more when it is full, takes what comes all the same, and tells once when half is free', async () => {
    const { told, push, go, handled } = mailboxStage('wait', 4);
    expect(push('0', '1', '2', '3', '4', '5')).toEqual([true, true, true, true, false, false]);
    await go(2);
    expect(told).toEqual([]);
    await go();
    expect(told).toEqual(['room at 2']);
    await go(3);
    expect([told, handled]).toEqual([['room at 2'], ['0', '1', '2', '3', '4', '5']]);
  });

  it('of one place works too', async () => {
    const { told, push, go } = mailboxStage('wait', 1);
    expect(push('0', '1')).toEqual([true, false]);
    await go();
    expect(told).toEqual(['room at 0']);
  });

  it('that should drop the oldest does, and tells of each', async () => {
    const { told, push, go, handled } = mailboxStage('drop-oldest', 2);
    expect(push('0', '1', '2', '3', '4')).toEqual([true, true, true, true, true]);
    expect(told).toEqual(['dropped 1', 'dropped 2']);
    await go(3);
    expect(handled).toEqual(['0', '3', '4']);
  });

  it('that should keep the latest of each key puts it at the end, and drops the oldest where that is not enough', async () => {
    const { told, push, go, handled } = mailboxStage('latest', 2);
    push('0', 'a=1', 'b=1', 'a=2', 'c=1', 'plain');
    expect(told).toEqual(['dropped a=1', 'dropped b=1', 'dropped a=2']);
    await go(3);
    expect(handled).toEqual(['0', 'c=1', 'plain']);
  });

  it('that should disconnect says so when it overflows, and not before', () => {
    const { told, push } = mailboxStage('disconnect', 2);
    push('0', '1', '2');
    expect(told).toEqual([]);
    push('3');
    expect(told).toEqual(['dropped 1', 'overrun']);
  });

  it('knows how far it has come while something is left, also when it is closed', async () => {
    const { box, push, go, handled } = mailboxStage('wait', 10);
    push('1');
    expect(box.behind).toBeUndefined();
    push('2', '3');
    expect(box.behind).toBe('1');
    await go();
    expect(box.behind).toBe('2');
    box.close();
    expect(push('4')).toEqual([true]);
    await go();
    await box.idle;
    expect([box.behind, handled, box.busy]).toEqual(['2', ['1', '2'], false]);
    push('5');
    expect(handled).toEqual(['1', '2']);
  });
});
