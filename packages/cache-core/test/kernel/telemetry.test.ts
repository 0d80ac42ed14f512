import diagnostics from 'node:diagnostics_channel';
import type * as kernelOfNode from '@parley/cache-core/kernel';
import { defineSignal, listenerErrors, safeCall } from '@parley/cache-core/kernel';
import type { TelemetrySignal } from '@parley/cache-core/kernel';
import { afterEach, describe, expect, expectTypeOf, it, vi } from 'vitest';

const inNode = (): Promise<typeof kernelOfNode> => import('@parley/cache-core/kernel');

/** A copy of the package that finds no module of Node, as in a browser. */
async function inBrowser(): Promise<typeof kernelOfNode> {
  vi.resetModules();
  const lookup = vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined);
  const kernel = await inNode();
  expect(lookup).toHaveBeenCalledWith('node:diagnostics_channel');
  lookup.mockRestore();
  return kernel;
}

afterEach(() => {
  vi.resetModules();
});

describe.each([
  ['in Node', inNode],
  ['in a browser', inBrowser],
])('a signal %s', (_, load) => {
  it('reaches those who listen, as long as they do', async () => {
    const kernel = await load();
    const hit = kernel.defineSignal<{ key: string }>('parley:test:hit');
    const heard: string[] = [];
    expect(hit.active).toBe(false);
    hit.emit({ key: 'unheard' });
    const stops = ['a', 'b'].map((name) => hit.subscribe(({ key }) => heard.push(`${name}:${key}`)));
    expect(hit.active).toBe(true);
    hit.emit({ key: '1' });
    stops[0]?.();
    hit.emit({ key: '2' });
    stops[1]?.();
    hit.emit({ key: '3' });
    expect(heard).toEqual(['a:1', 'b:1', 'b:2']);
    expect(hit.active).toBe(false);
  });

  it('is one and the same for all who define its name', async () => {
    const kernel = await load();
    const heard: number[] = [];
    const stop = kernel.defineSignal<number>('parley:test:same').subscribe((value) => heard.push(value));
    kernel.defineSignal<number>('parley:test:same').emit(1);
    stop();
    expect(heard).toEqual([1]);
  });

  it('keeps what a listener throws from the others and from the one who tells', async () => {
    const kernel = await load();
    const signal = kernel.defineSignal<number>('parley:test:throwing');
    const failures: unknown[] = [];
    const heard: number[] = [];
    const stops = [
      kernel.listenerErrors.subscribe((failure) => failures.push(failure)),
      kernel.listenerErrors.subscribe(() => {
        throw new Error('worse');
      }),
      signal.subscribe(() => {
        throw new Error('listener');
      }),
      signal.subscribe((value) => heard.push(value)),
    ];
    signal.emit(1);
    for (const stop of stops) stop();
    expect(heard).toEqual([1]);
    expect(failures).toMatchObject([{ listener: 'parley:test:throwing', error: { message: 'listener' } }]);
  });

  it('lets listeners come and go while it is told', async () => {
    const kernel = await load();
    const signal = kernel.defineSignal<number>('parley:test:moving');
    const heard: string[] = [];
    const stops: (() => void)[] = [];
    stops.push(
      signal.subscribe((value) => {
        heard.push(`first:${value}`);
        stops[0]?.();
        stops.push(signal.subscribe((later) => heard.push(`second:${later}`)));
      }),
    );
    signal.emit(1);
    signal.emit(2);
    for (const stop of stops) stop();
    expect(heard.filter((line) => line !== 'second:1')).toEqual(['first:1', 'second:2']);
  });
});

describe('a signal in Node', () => {
  it('is a channel that any tool can hear, across copies of the package', async () => {
    vi.resetModules();
    const copy = await import('@parley/cache-core/kernel');
    const heard: unknown[] = [];
    const listener = (message: unknown): number => heard.push(message);
    diagnostics.subscribe('parley:test:tool', listener);
    defineSignal<number>('parley:test:tool').emit(1);
    copy.defineSignal<number>('parley:test:tool').emit(2);
    diagnostics.unsubscribe('parley:test:tool', listener);
    expect(heard).toEqual([1, 2]);
  });
});

describe('safeCall', () => {
  it('passes arguments and answers through', () => {
    expect(safeCall('sum', (a: number, b: number) => a + b, 1, 2)).toBe(3);
    expect(safeCall('none', undefined)).toBeUndefined();
  });

  it('tells what was thrown, now or in a promise', async () => {
    const told: unknown[] = [];
    const stop = listenerErrors.subscribe((failure) => told.push(failure));
    const [now, later] = [new Error('now'), new Error('later')];
    expect(
      safeCall('callback', () => {
        throw now;
      }),
    ).toBeUndefined();
    void safeCall('async callback', () => Promise.reject(later));
    await vi.waitFor(() => expect(told).toHaveLength(2));
    stop();
    expect(told).toEqual([
      { listener: 'callback', error: now },
      { listener: 'async callback', error: later },
    ]);
  });

  it('is typed by what it calls', () => {
    expectTypeOf(safeCall('x', () => 'text')).toEqualTypeOf<string | undefined>();
    expectTypeOf(defineSignal<{ key: string }>('parley:test:typed')).toEqualTypeOf<
      TelemetrySignal<{ key: string }>
    >();
    expectTypeOf<TelemetrySignal<number>['emit']>().parameter(0).toBeNumber();
  });
});
