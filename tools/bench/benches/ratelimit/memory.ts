import type { Subject, Subjects } from '../../src/scenario.ts';
import { hourSeconds, identityAt, mustAdmit, plenty } from './identities.ts';
import { inMemory, limiting } from './ours.ts';

interface Visits {
  readonly who: (i: number) => string;
  readonly perSeconds: number;
}

const ours = ({ who, perSeconds }: Visits): Subject =>
  limiting(inMemory, { message: { limit: plenty, per: perSeconds } }, async (limiter) => {
    mustAdmit((await limiter.check('message', { identity: who(0) })).ok);
    return { op: (i) => limiter.check('message', { identity: who(i) }) };
  });

const flexible =
  ({ who, perSeconds }: Visits): Subject =>
  async () => {
    const { RateLimiterMemory } = await import('rate-limiter-flexible');
    const limiter = new RateLimiterMemory({ points: plenty, duration: perSeconds });
    mustAdmit((await limiter.consume(who(0))).remainingPoints > 0);
    return { op: (i) => limiter.consume(who(i)) };
  };

/** Of express-rate-limit, without the middleware. It has one window for everybody, and nobody to end it here. */
const express =
  ({ who, perSeconds }: Visits): Subject =>
  async () => {
    const { MemoryStore } = await import('express-rate-limit');
    const store = new MemoryStore();
    store.windowMs = perSeconds * 1_000;
    mustAdmit((await store.increment(who(0))).totalHits === 1);
    return { op: (i) => store.increment(who(i)) };
  };

/** A map of counters, each with the end of its window. */
const bare =
  ({ who, perSeconds }: Visits): Subject =>
  () => {
    const counters = new Map<string, { used: number; until: number }>();
    return {
      op: async (i) => {
        const [key, now] = [who(i), performance.now()];
        const counter = counters.get(key);
        if (counter !== undefined && counter.until > now) return ++counter.used <= plenty;
        counters.set(key, { used: 1, until: now + perSeconds * 1_000 });
        return true;
      },
    };
  };

const subjects = (visits: Visits): Subjects => ({
  ours: ours(visits),
  floor: bare(visits),
  rivals: { 'rate-limiter-flexible': flexible(visits), 'express-rate-limit': express(visits) },
});

/** A thousand who are known already: the least that a check can cost. */
export const memoryChecks: Subjects = subjects({ who: identityAt, perSeconds: hourSeconds });

/** Very many, most of whom have been forgotten again when they come back. */
export const memoryVisitors: Subjects = subjects({ who: (i) => `visitor-${i % 500_000}`, perSeconds: 1 });
