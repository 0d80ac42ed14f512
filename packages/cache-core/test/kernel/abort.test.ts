import {
  abortable,
  abortError,
  Aborted,
  anySignal,
  DeadlineExceeded,
  throwIfAborted,
} from '@parley/cache-core/kernel';
import * as fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { failureOf, hang, listenersOn } from './support.ts';

describe('abortError', () => {
  it('wraps a foreign reason and lets an error of Parley stand for itself', () => {
    const foreign = new Error('user left');
    expect(abortError(AbortSignal.abort(foreign))).toMatchObject({
      code: 'ABORTED',
      name: 'AbortError',
      cause: foreign,
    });
    const own = new DeadlineExceeded('the request', 10);
    expect(abortError(AbortSignal.abort(own))).toBe(own);
  });
});

describe('throwIfAborted', () => {
  it('throws only when aborted', () => {
    expect(() => throwIfAborted(undefined)).not.toThrow();
    expect(() => throwIfAborted(new AbortController().signal)).not.toThrow();
    expect(() => throwIfAborted(AbortSignal.abort())).toThrow(Aborted);
  });
});

describe('abortable', () => {
  it('settles like the promise and leaves nothing on the signal', async () => {
    const { signal } = new AbortController();
    expect(await abortable(Promise.resolve(7), signal)).toBe(7);
    expect(await failureOf(abortable(Promise.reject(new Error('own')), signal))).toMatchObject({
      message: 'own',
    });
    expect(await abortable(Promise.resolve(7), undefined)).toBe(7);
    expect(listenersOn(signal)).toBe(0);
  });

  it('rejects as soon as the signal is aborted, although the work hangs', async () => {
    const controller = new AbortController();
    const waiting = failureOf(abortable(hang(), controller.signal));
    controller.abort('enough');
    expect(await waiting).toMatchObject({ code: 'ABORTED', cause: 'enough' });
  });

  it('takes an aborted signal before a finished promise, and swallows what comes late', async () => {
    const work = Promise.withResolvers<number>();
    const waiting = failureOf(abortable(work.promise, AbortSignal.abort()));
    work.reject(new Error('nobody listens'));
    expect(await waiting).toBeInstanceOf(Aborted);
    expect(await failureOf(abortable(Promise.resolve(1), AbortSignal.abort()))).toBeInstanceOf(Aborted);
  });
});

describe('anySignal', () => {
  it('follows the first of any sources, with its reason, and detaches from all', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('live', 'aborted', 'none'), { maxLength: 6 }),
        fc.array(fc.nat(5), { maxLength: 4 }),
        (kinds, order) => {
          const sources = kinds.map((kind, index) => {
            const controller = new AbortController();
            if (kind === 'aborted') controller.abort(index);
            return kind === 'none' ? undefined : controller;
          });
          const { signal, dispose } = anySignal(sources.map((source) => source?.signal));
          let expected = sources.find((source) => source?.signal.aborted)?.signal.reason as unknown;
          const heard = vi.fn();
          signal.addEventListener('abort', heard);
          const already = signal.aborted;
          for (const index of order) {
            const source = sources[index];
            if (source === undefined || source.signal.aborted) continue;
            source.abort(index);
            expected ??= index;
          }
          expect(signal.aborted).toBe(expected !== undefined);
          expect(signal.reason).toBe(expected);
          expect(heard).toHaveBeenCalledTimes(signal.aborted && !already ? 1 : 0);
          if (!signal.aborted) dispose();
          for (const source of sources) expect(source && listenersOn(source.signal)).toBe(source && 0);
        },
      ),
    );
  });

  it('no longer follows once disposed', () => {
    const controller = new AbortController();
    const { signal, dispose } = anySignal([controller.signal]);
    dispose();
    dispose();
    controller.abort();
    expect(signal.aborted).toBe(false);
  });
});
