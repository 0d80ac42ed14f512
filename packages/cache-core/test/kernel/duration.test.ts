import { parseDuration } from '@parley/cache-core/kernel';
import type { Duration } from '@parley/cache-core/kernel';
import * as fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { answerOf, failureOf } from './support.ts';

const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const century = 36_525 * unitMs.d;

describe('parseDuration', () => {
  it.each<[Duration, number]>([
    [0, 0],
    [5, 5_000],
    [0.1, 100],
    [1.005, 1_005],
    [0.0015, 2],
    ['250ms', 250],
    ['5s', 5_000],
    ['5m', 300_000],
    ['1.5h', 5_400_000],
    ['2d', 172_800_000],
    ['0s', 0],
    ['0.29s', 290],
    ['36525d', century],
  ])('reads %s as %i ms', (value, ms) => {
    expect(parseDuration(value, { field: 'ttl' })).toBe(ms);
  });

  it('gives back every millisecond that a number of seconds can say', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: century }), (ms) => {
        expect(parseDuration(ms / 1_000, { field: 'ttl' })).toBe(ms);
        expect(parseDuration(`${ms}ms`, { field: 'ttl' })).toBe(ms);
      }),
    );
  });

  it('gives back whole amounts of every unit', () => {
    fc.assert(
      fc.property(fc.nat(36_525), fc.constantFrom('ms', 's', 'm', 'h', 'd'), (amount, unit) => {
        expect(parseDuration(`${amount}${unit}`, { field: 'ttl' })).toBe(amount * unitMs[unit]);
      }),
    );
  });

  it('answers any value at all with whole milliseconds or with an error that names the field', () => {
    const hostile = fc.oneof(
      fc.anything(),
      fc.double(),
      fc.string(),
      fc.stringMatching(/^[0-9eE+.,_ -]{0,12}(ms|s|m|h|d|w| s|S)?$/),
    );
    fc.assert(
      fc.property(hostile, (value) => {
        const answer = answerOf(() => parseDuration(value, { field: 'ttl' }));
        const legal = Number.isInteger(answer) && Number(answer) >= 0 && Number(answer) <= century;
        expect(legal || answer).toBe(legal || 'INVALID_ARGUMENT ttl');
      }),
      { numRuns: 1_000 },
    );
  });

  it.each([
    [Number.NaN, 'NaN'],
    [-1, '-1'],
    [Infinity, 'Infinity'],
    ['5', '"5"'],
    ['-5s', '"-5s"'],
    ['5 s', '"5 s"'],
    ['1e3s', '"1e3s"'],
    ['1.s', '"1.s"'],
    ['5M', '"5M"'],
    ['', '""'],
    [null, 'null'],
    [{}, 'an object'],
    ['36526d', '"36526d"'],
    [1e15, '1000000000000000'],
    [0.0001, '0.0001'],
    ['0.1ms', '"0.1ms"'],
  ])('refuses %o and says so', async (value, shown) => {
    const error = await failureOf(() => parseDuration(value, { field: 'cache.ttl' }));
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', retryable: false, field: 'cache.ttl' });
    expect(String(error)).toContain(shown);
  });

  it('keeps to the bounds of the option', async () => {
    const options = { field: 'ttl', min: 1_000, max: 60_000 };
    expect(parseDuration('1m', options)).toBe(60_000);
    expect(String(await failureOf(() => parseDuration(0.5, options)))).toContain(
      'ttl must be at least 1000 ms',
    );
    expect(String(await failureOf(() => parseDuration('61s', options)))).toContain(
      'ttl must be at most 60000 ms',
    );
  });

  it('has a type that lets through what it reads', () => {
    expectTypeOf<'5m'>().toExtend<Duration>();
    expectTypeOf<0.5>().toExtend<Duration>();
    expectTypeOf<'5 minutes'>().not.toExtend<Duration>();
    expectTypeOf<'5'>().not.toExtend<Duration>();
    expectTypeOf(parseDuration).returns.toBeNumber();
  });
});
