import {
  leasesThatNobodyBreaks,
  vouching,
  withGuardsNamed,
  withInvalidation,
  withMethods,
  withStore,
  type CacheSaboteurs,
} from './cache-saboteur.ts';
import { lookalike } from './saboteur.ts';

const silence = withInvalidation((good) => ({ ...good, publish: async () => {} }));

const bumpsThatDoNothing = withStore((good) => ({
  ...good,
  bump: async (guards, options) => (await good.epochs(guards, options)).map((epoch) => epoch ?? 0),
}));

export const coherenceSaboteurs: CacheSaboteurs = {
  'a subscription vouches for itself while it is live, and no further than it could notice a loss': [
    vouching(() => 1_000_000_000),
    vouching((good) => (good === Infinity ? 0 : good)),
    vouching(() => Infinity),
  ],
  'a key that is deleted while its loader runs is not stored': [leasesThatNobodyBreaks],
  'who asks after a deletion does not get the load that began before it': [leasesThatNobodyBreaks],
  'a key whose tag is invalidated while its loader runs is stale at once': [bumpsThatDoNothing],
  'a tag invalidates what carries it or a tag below it, and nothing else': [
    bumpsThatDoNothing,
    withGuardsNamed((guard) => guard.slice(0, 7)),
    withMethods((cache) => {
      const invalidate = cache.invalidateByTags.bind(cache);
      return {
        invalidateByTags: (tags: readonly string[]) => invalidate(tags.filter((tag) => tag.includes(':'))),
      };
    }),
  ],
  'clearing a namespace clears it and those below it, and no lookalike': [
    withGuardsNamed(lookalike),
    withGuardsNamed((guard) => guard.replaceAll('/', ':').split(':').slice(0, 2).join(':')),
    bumpsThatDoNothing,
  ],
  'what one process sets, deletes or invalidates, another soon sees': [silence, bumpsThatDoNothing],
  'of writes and reads in two processes at once, both end with what the store has': [silence],
  'warm reads of tagged entries ask the store nothing': [
    // Begins anew, and so forgets everything, each time it is asked.
    withInvalidation((good) => ({
      ...good,
      subscribe(listener) {
        const subscription = good.subscribe(listener);
        const vouchedUntil = (): number => {
          listener.state('live');
          return subscription.vouchedUntil();
        };
        return { ...subscription, vouchedUntil };
      },
    })),
  ],
  'a loader that fails rejects with its own error, and nothing is kept': [
    withMethods((cache) => {
      const get = cache.get.bind(cache);
      return {
        get: (key: string, loader: () => unknown) =>
          get(key, loader).catch((cause: unknown) => Promise.reject(new Error('the load failed', { cause }))),
      };
    }),
    withMethods((cache) => {
      const get = cache.get.bind(cache);
      return { get: (key: string, loader: () => unknown) => get(key, loader).catch(() => undefined) };
    }),
  ],
};
