import { lookalike, type Saboteurs } from './saboteur.ts';

export const guardSaboteurs: Saboteurs = {
  'a guard that nobody made has no epoch': [
    (good) => ({ ...good, epochs: (guards) => good.epochs(guards, { keepMs: 60_000 }) }),
  ],
  'a guard is made once, and all see the same epoch': [
    (good) => ({
      ...good,
      epochs: async (guards, options) =>
        options?.keepMs === undefined ? good.epochs(guards) : good.bump(guards, { keepMs: options.keepMs }),
    }),
  ],
  'a made epoch counts as never bumped, a bumped one as bumped': [
    (good) => ({
      ...good,
      bump: async (guards, options) => (await good.bump(guards, options)).map((epoch) => epoch + 1),
    }),
  ],
  'bumping raises the epoch for all, each time': [
    (good) => ({
      ...good,
      bump: async (guards, options) => (await good.epochs(guards, options)).map((epoch) => epoch ?? 0),
    }),
  ],
  'of many bumps at once none gets an epoch twice': [
    (good) => {
      const local = new Map<string, Promise<number[]>>();
      return {
        ...good,
        bump: (guards, options) => {
          const name = guards[0] ?? '';
          const running = local.get(name) ?? good.bump(guards, options);
          local.set(name, running);
          return running;
        },
      };
    },
  ],
  'a guard that was lost and made anew gets a higher epoch than it ever had': [
    (good) => {
      // Counts from one, as INCR does.
      const counting = new Map<string, number>();
      const shrink = (guard: string, epoch: number | undefined): number | undefined => {
        if (epoch === undefined) return undefined;
        counting.set(guard, 2);
        return counting.get(guard);
      };
      return {
        ...good,
        epochs: async (guards, options) =>
          (await good.epochs(guards, options)).map((epoch, i) => shrink(guards[i] ?? '', epoch)),
      };
    },
  ],
  'a guard is kept for as long as the longest that was asked for': [
    (good) => ({
      ...good,
      epochs: async (guards, options) => {
        if (options?.keepMs === undefined || options.keepMs > 1000) return good.epochs(guards, options);
        await good.bump(guards, { keepMs: options.keepMs });
        return good.epochs(guards);
      },
    }),
  ],
  'guards of hostile names do not touch one another': [
    (good) => ({
      ...good,
      epochs: (guards, options) => good.epochs(guards.map(lookalike), options),
      bump: (guards, options) => good.bump(guards.map(lookalike), options),
    }),
  ],
  'a guard and a record of one name are two things': [
    (good) => ({
      ...good,
      bump: async (guards, options) => {
        await good.write(
          guards.map((key) => ({
            key,
            bytes: new Uint8Array(1),
            version: 1,
            freshMs: 60_000,
            keepMs: 60_000,
          })),
        );
        return good.bump(guards, options);
      },
    }),
  ],
};
