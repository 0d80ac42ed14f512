import type { Subject, Subjects } from '../../src/scenario.ts';
import { hourSeconds, identityAt, mustAdmit, plenty } from './identities.ts';
import { generous, inMemory, limiting } from './ours.ts';

const ours = limiting(inMemory, { message: generous }, async (limiter) => {
  mustAdmit((await limiter.check('message', { identity: identityAt(0) })).ok);
  return { op: (i) => limiter.check('message', { identity: identityAt(i) }) };
});

const flexible: Subject = async () => {
  const { RateLimiterMemory } = await import('rate-limiter-flexible');
  const limiter = new RateLimiterMemory({ points: plenty, duration: hourSeconds });
  mustAdmit((await limiter.consume(identityAt(0))).remainingPoints > 0);
  return { op: (i) => limiter.consume(identityAt(i)) };
};

/** Of express-rate-limit, without the middleware. */
const express: Subject = async () => {
  const { MemoryStore } = await import('express-rate-limit');
  const store = new MemoryStore();
  store.windowMs = hourSeconds * 1_000;
  mustAdmit((await store.increment(identityAt(0))).totalHits === 1);
  return { op: (i) => store.increment(identityAt(i)) };
};

/** A map of counters, each with the end of its window. */
const bare: Subject = () => {
  const counters = new Map<string, { used: number; until: number }>();
  return {
    op: async (i) => {
      const [key, now] = [identityAt(i), performance.now()];
      const counter = counters.get(key);
      if (counter !== undefined && counter.until > now) return ++counter.used <= plenty;
      counters.set(key, { used: 1, until: now + hourSeconds * 1_000 });
      return true;
    },
  };
};

export const memoryChecks: Subjects = {
  ours,
  floor: bare,
  rivals: { 'rate-limiter-flexible': flexible, 'express-rate-limit': express },
};
