import { createBatcher, virtualClock } from '@parley/cache-core/kernel';
import { describe, expect, it } from 'vitest';
import { failureOf, watch } from './support.ts';

/** Notes what was asked together, and answers with what it was asked. */
function stage(options: Partial<Parameters<typeof createBatcher<string, string>>[0]> = {}) {
  const batches: { readonly requests: readonly string[]; readonly end: PromiseWithResolvers<string[]> }[] =
    [];
  const ask = createBatcher<string, string>({
    run: (requests) => {
      const end = Promise.withResolvers<string[]>();
      batches.push({ requests, end });
      return end.promise;
    },
    maxBatch: 3,
    maxInFlight: 1,
    ...options,
  });
  const asked = (): string[] => batches.map(({ requests }) => requests.join());
  const answer = (which: number): void => batches[which]?.end.resolve([...(batches[which]?.requests ?? [])]);
  return { batches, ask, asked, answer };
}

const turn = (): Promise<void> => virtualClock().settle();

describe('requests of one turn', () => {
  it('are asked together, no more than a batch holds, and each gets its own answer', async () => {
    const { ask, asked, answer } = stage();
    const answers = ['a', 'b', 'c', 'd'].map((request) => ask(request));
    await turn();
    expect(asked()).toEqual(['a,b,c']);
    answer(0);
    await turn();
    expect(asked()).toEqual(['a,b,c', 'd']);
    answer(1);
    expect(await Promise.all(answers)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('of one name are asked once', async () => {
    const { ask, asked, answer } = stage({ nameOf: (request) => request });
    const answers = ['a', 'a', 'b'].map((request) => ask(request));
    await turn();
    answer(0);
    expect(asked()).toEqual(['a,b']);
    expect(await Promise.all(answers)).toEqual(['a', 'a', 'b']);
  });

  it('fill a batch by their size; one that is larger than a batch goes alone', async () => {
    const { ask, asked } = stage({ sizeOf: ({ length }) => length, maxBatch: 8, maxInFlight: 9 });
    for (const request of ['a', 'bb', 'ccc', 'ddd', 'eeeeeeeee', 'f']) void ask(request);
    await turn();
    expect(asked()).toEqual(['a,bb,ccc', 'ddd', 'eeeeeeeee', 'f']);
  });
});

describe('a batch that fails', () => {
  it('fails for all who are in it, and those behind it are asked', async () => {
    const { batches, ask, asked, answer } = stage();
    const [a, b] = ['a', 'b'].map((request) => ask(request));
    await turn();
    const c = ask('c');
    batches[0]?.end.reject(new Error('away'));
    await expect(a).rejects.toThrow('away');
    await expect(b).rejects.toThrow('away');
    await turn();
    answer(1);
    expect([asked(), await c]).toEqual([['a,b', 'c'], 'c']);
  });

  it.each([[['a', 'b']], [[]], [['a', 'b', 'c', 'd']]])(
    'because it was answered with another number of answers leaves nobody waiting, nor with the answer of another: %j',
    async (replies) => {
      const { batches, ask } = stage();
      const seen = ['a', 'b', 'c'].map((request) => watch(ask(request), () => 0));
      await turn();
      batches[0]?.end.resolve(replies);
      await turn();
      expect(seen.map(({ outcome }) => outcome)).toEqual(Array(3).fill('STORE_FAULT@0'));
      const again = ask('d');
      await turn();
      batches[1]?.end.resolve(['d', 'e']);
      expect(await failureOf(again)).toMatchObject({
        message: 'A batch of 1 was answered with 2',
        evidence: { requests: 1, replies: 2 },
        retryable: false,
      });
    },
  );
});
