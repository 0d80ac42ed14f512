import { createBus, createEmitter, memoryBroker, type Broker } from '@parley/bus';
import { listenerErrors } from '@parley/cache-core/kernel';
import { afterEach, describe, expect, test } from 'vitest';

const opened: AsyncDisposable[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).toReversed()) await one[Symbol.asyncDispose]();
});

function emitterOn(broker: Broker, options: Parameters<typeof createEmitter>[1] = {}) {
  const bus = createBus({ broker });
  const emitter = createEmitter(bus, options);
  opened.push(bus, emitter);
  return { bus, emitter };
}

describe('within a process', () => {
  test('handlers are called before emit returns, in the order in which they came, and it is always true', () => {
    const { emitter } = emitterOn(memoryBroker());
    const calls: string[] = [];
    emitter.on('e', (data) => void calls.push(`first ${String(data)}`));
    emitter.on('e', (data) => void calls.push(`second ${String(data)}`));
    expect(emitter.emit('e', 1)).toBe(true);
    expect(calls).toEqual(['first 1', 'second 1']);
    expect(emitter.emit('nobody listens', 1)).toBe(true);
  });

  test('a handler that is there is not added again, and gone after one off', () => {
    const { emitter } = emitterOn(memoryBroker());
    const calls: unknown[] = [];
    const handler = (data: unknown): void => void calls.push(data);
    emitter.on('e', handler);
    emitter.on('e', handler);
    emitter.emit('e', 1);
    emitter.off('e', handler);
    emitter.emit('e', 2);
    emitter.off('e', handler);
    expect(calls).toEqual([1]);
  });

  test('who is added during an emit is not called by it, and who is removed neither', () => {
    const { emitter } = emitterOn(memoryBroker());
    const calls: string[] = [];
    const late = (): void => void calls.push('late');
    const removed = (): void => void calls.push('removed');
    emitter.on('e', () => {
      calls.push('first');
      emitter.on('e', late);
      emitter.off('e', removed);
    });
    emitter.on('e', removed);
    emitter.emit('e', 1);
    expect(calls).toEqual(['first']);
    emitter.emit('e', 2);
    expect(calls).toEqual(['first', 'first', 'late']);
  });

  test('data is the object itself, and what JSON cannot express is still handed over', async () => {
    const failures: string[] = [];
    const { emitter } = emitterOn(memoryBroker(), { onError: (_, event) => void failures.push(event) });
    const got: unknown[] = [];
    const circular: Record<string, unknown> = {};
    circular['self'] = circular;
    emitter.on('e', (data) => void got.push(data));
    emitter.emit('e', circular);
    expect(got[0]).toBe(circular);
    await expect.poll(() => failures).toEqual(['e']);
  });

  test('what a handler throws, now or later, keeps nothing from the others', async () => {
    const { emitter } = emitterOn(memoryBroker());
    const [calls, errors]: [string[], string[]] = [[], []];
    const end = listenerErrors.subscribe(
      ({ listener, error }) => void errors.push(`${listener}: ${String(error)}`),
    );
    emitter.on('e', () => {
      throw new Error('at once');
    });
    emitter.on('e', async () => {
      throw new Error('later');
    });
    emitter.on('e', () => void calls.push('last'));
    emitter.emit('e', 1);
    await expect.poll(() => errors).toEqual(['event e: Error: at once', 'event e: Error: later']);
    expect(calls).toEqual(['last']);
    end();
  });

  test('removeAllListeners removes those of one event, or all', () => {
    const { emitter } = emitterOn(memoryBroker());
    const calls: string[] = [];
    for (const event of ['a', 'b', 'c']) emitter.on(event, () => void calls.push(event));
    emitter.setMaxListeners(1);
    emitter.removeAllListeners('a');
    for (const event of ['a', 'b', 'c']) emitter.emit(event, 1);
    emitter.removeAllListeners();
    for (const event of ['a', 'b', 'c']) emitter.emit(event, 1);
    expect(calls).toEqual(['b', 'c']);
  });
});

describe('between processes', () => {
  test.each(['stream', 'ephemeral'] as const)(
    'events (%s) reach the others once, and come back to nobody',
    async (kind) => {
      const broker = memoryBroker();
      const [one, two] = [emitterOn(broker, { class: kind }), emitterOn(broker, { class: kind })];
      const [here, there]: [unknown[], unknown[]] = [[], []];
      one.emitter.on('e', (data) => void here.push(data));
      two.emitter.on('e', (data) => void there.push(data));
      await Promise.all([one.emitter.ready(), two.emitter.ready()]);
      one.emitter.emit('e', { n: 1 });
      two.emitter.emit('e', { n: 2 });
      expect([here, there]).toEqual([[{ n: 1 }], [{ n: 2 }]]);
      await expect.poll(() => [here.length, there.length]).toEqual([2, 2]);
      expect([here, there]).toEqual([
        [{ n: 1 }, { n: 2 }],
        [{ n: 2 }, { n: 1 }],
      ]);
    },
  );

  test('two emitters of one name on one bus do not disturb each other', async () => {
    const bus = createBus({ broker: memoryBroker() });
    const [one, two] = [createEmitter(bus), createEmitter(bus)];
    opened.push(bus, one, two);
    const got: unknown[] = [];
    two.on('e', (data) => void got.push(data));
    await two.ready();
    one.emit('e', 1);
    two.emit('e', 2);
    expect(got).toEqual([2]);
  });

  test('emitters of another name hear nothing, and one that nobody listens with follows nothing', async () => {
    const broker = memoryBroker();
    const [one, two] = [emitterOn(broker, { name: 'a' }), emitterOn(broker, { name: 'b' })];
    const got: unknown[] = [];
    const handler = (data: unknown): void => void got.push(data);
    two.emitter.on('e', handler);
    await two.emitter.ready();
    one.emitter.emit('e', 1);
    await one.bus.close();
    expect(got).toEqual([]);
    two.emitter.off('e', handler);
    expect(two.bus.stats()).toMatchObject({ totalHandlers: 0, channels: 0 });
  });
});
