import { combineHealth, virtualClock } from '@parley/cache-core/kernel';
import type { Health, HealthStatus } from '@parley/cache-core/kernel';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';

const badness = { up: 0, degraded: 1, down: 2 } satisfies Record<HealthStatus, number>;
const health: fc.Arbitrary<Health> = fc.record({
  status: fc.constantFrom<HealthStatus>('up', 'degraded', 'down'),
  since: fc.nat(1_000),
});
const names = fc.constantFrom<string>('redis', 'postgres', 'bus', '__proto__', 'constructor');

it('is as bad as the worst part, where an optional part is never worse than degraded', () => {
  fc.assert(
    fc.property(fc.dictionary(names, health, { minKeys: 1 }), fc.array(names), (checks, optional) => {
      const whole = combineHealth(checks, { optional });
      const parts = Object.entries(checks).map(([name, part]) => ({
        since: part.since,
        badness: Math.min(badness[part.status], optional.includes(name) ? 1 : 2),
      }));
      const worst = Math.max(...parts.map((part) => part.badness));
      expect(badness[whole.status]).toBe(worst);
      const moments = parts.filter((part) => part.badness === worst).map((part) => part.since);
      expect(whole.since).toBe(worst === 0 ? Math.max(...moments) : Math.min(...moments));
      expect(whole.checks).toEqual(checks);
    }),
  );
});

it('is up as a whole of no parts', () => {
  expect(combineHealth({}, { clock: virtualClock({ start: 77 }) })).toEqual({
    status: 'up',
    since: 77,
    checks: {},
  });
});

it('combines what was combined', () => {
  const stores = combineHealth(
    { redis: { status: 'down', since: 5 }, postgres: { status: 'up', since: 1 } },
    { optional: ['redis'] },
  );
  expect(combineHealth({ stores, bus: { status: 'up', since: 9, latencyMs: 2 } })).toMatchObject({
    status: 'degraded',
    since: 5,
  });
});
