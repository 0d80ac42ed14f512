import { expect, it } from 'vitest';
import { createBulkhead, defineSignal, isParleyError, parseDuration } from '@parley/cache-core/kernel';
import { Overloaded, StoreUnavailable, virtualClock } from '@parley/cache-core/kernel';
// #region protect
import { createBreaker, createSingleFlight, retry, withDeadline } from '@parley/cache-core/kernel';

const breaker = createBreaker({ name: 'the rates service' });
const flights = createSingleFlight<number>();

// One request for all who ask at the same time, in three attempts of
// half a second each, and none while the service is known to be down.
export function rate(currency: string): Promise<number> {
  const ask = (caller?: AbortSignal) =>
    withDeadline(500, (signal) => fetchRate(currency, signal), {
      signal: caller,
    });
  return flights.run(currency, ({ signal }) => {
    const attempt = () => breaker.run(ask, { signal });
    return retry(attempt, { signal });
  });
}
// #endregion protect

const asked: string[] = [];
let outages = 0;

async function fetchRate(currency: string, signal: AbortSignal): Promise<number> {
  asked.push(currency);
  signal.throwIfAborted();
  if (outages-- > 0) throw new StoreUnavailable('The rates service does not answer');
  return 1.08;
}

it('asks once for all callers, and again after an outage', async () => {
  outages = 1;
  const rates = await Promise.all([rate('EUR'), rate('EUR'), rate('EUR')]);
  expect(rates).toEqual([1.08, 1.08, 1.08]);
  expect(asked).toEqual(['EUR', 'EUR']);
});

it('leaves a service alone after repeated faults, and probes it later, in no real time at all', async () => {
  // #region clock
  const clock = virtualClock();
  const breaker = createBreaker({
    failures: 3,
    coolDownMs: 5_000,
    jitter: 0,
    clock,
  });
  const down = () => Promise.reject(new StoreUnavailable('no connection'));

  for (let fault = 1; fault <= 3; fault++) await expect(breaker.run(down)).rejects.toThrow('no connection');
  expect(breaker.state).toBe('open');

  await expect(breaker.run(() => 'never called')).rejects.toMatchObject({
    code: 'STORE_UNAVAILABLE',
    evidence: { retryAfterMs: 5_000 },
  });

  await clock.advance(5_000);
  expect(await breaker.run(() => 'back again')).toBe('back again');
  expect(breaker.state).toBe('closed');
  // #endregion clock
});

it('bounds work that hangs', async () => {
  // #region deadline
  const clock = virtualClock();
  const profile = withDeadline(2_000, () => new Promise(() => {}), {
    what: 'loading the profile',
    clock,
  });
  const failure = profile.catch((error: unknown) => error);

  await clock.advance(2_000);
  expect(await failure).toMatchObject({
    code: 'DEADLINE_EXCEEDED',
    message: 'loading the profile did not finish within 2000 ms',
  });
  // #endregion deadline
});

it('refuses at the door what it cannot carry', async () => {
  // #region bulkhead
  const loaders = createBulkhead({ name: 'the loaders', maxRunning: 2, maxQueued: 1 });
  const forever = () => new Promise<never>(() => {});
  void loaders.run(forever);
  void loaders.run(forever);
  void loaders.run(forever);

  await expect(loaders.run(forever)).rejects.toThrow(Overloaded);
  expect(loaders).toMatchObject({ running: 2, queued: 1 });
  // #endregion bulkhead
});

it('tells errors apart by their code, across copies of the package', () => {
  // #region errors
  const error: unknown = new StoreUnavailable('no connection', {
    cause: new Error('connect ECONNREFUSED 127.0.0.1:6379'),
    evidence: { attempt: 3 },
  });

  expect(isParleyError(error, 'STORE_UNAVAILABLE')).toBe(true);
  expect(isParleyError(error) && error.retryable).toBe(true);
  expect(isParleyError(new Error('some other'))).toBe(false);
  // #endregion errors
});

it('reads durations, and names the field that is wrong', () => {
  // #region durations
  expect(parseDuration('5m', { field: 'ttl' })).toBe(300_000);
  expect(parseDuration(0.25, { field: 'ttl' })).toBe(250);
  expect(() => parseDuration('5 minutes', { field: 'ttl' })).toThrow(/^ttl must be/);
  // #endregion durations
});

it('tells whoever listens, and nobody else', () => {
  // #region telemetry
  const hit = defineSignal<{ key: string }>('parley:example:hit');
  const heard: string[] = [];
  const stop = hit.subscribe(({ key }) => heard.push(key));

  if (hit.active) hit.emit({ key: 'user:1' });
  stop();
  hit.emit({ key: 'user:2' });

  expect(heard).toEqual(['user:1']);
  // #endregion telemetry
});
