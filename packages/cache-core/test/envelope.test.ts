import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readEnvelope, writeEnvelope, type Envelope } from '../src/envelope.ts';

const epoch = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
const envelopes: fc.Arbitrary<Envelope> = fc
  .record({
    codecId: fc.integer({ min: 1, max: 255 }),
    compressed: fc.boolean(),
    negative: fc.boolean(),
    sliding: fc.boolean(),
    freshMs: fc.integer({ min: 1, max: 2 ** 40 }),
    keepMs: fc.integer({ min: 1, max: 2 ** 40 }),
    scopeEpochs: fc.array(epoch, { maxLength: 4 }),
    guards: fc.array(fc.tuple(fc.string({ minLength: 1, unit: 'grapheme' }), epoch), { maxLength: 5 }),
    payload: fc.uint8Array({ maxLength: 300 }),
  })
  .map(({ guards, ...rest }) => ({
    ...rest,
    tags: guards.map(([tag]) => tag),
    tagEpochs: guards.map(([, one]) => one),
  }));

describe('the envelope', () => {
  it('gives back what was put in', () => {
    fc.assert(
      fc.property(envelopes, (envelope) => {
        const back = readEnvelope(writeEnvelope(envelope));
        expect({ ...back, payload: [...(back?.payload ?? [])] }).toEqual({
          ...envelope,
          payload: [...envelope.payload],
        });
      }),
    );
  });

  it('is nothing when one bit of it is altered', () => {
    fc.assert(
      fc.property(envelopes, fc.nat(), fc.integer({ min: 0, max: 7 }), (envelope, at, bit) => {
        const bytes = writeEnvelope(envelope);
        const place = at % bytes.length;
        bytes[place] = (bytes[place] ?? 0) ^ (1 << bit);
        expect(readEnvelope(bytes)).toBeUndefined();
      }),
    );
  });

  it('is nothing when it is cut short, or followed by something', () => {
    fc.assert(
      fc.property(envelopes, fc.nat(), (envelope, at) => {
        const bytes = writeEnvelope(envelope);
        expect(readEnvelope(bytes.subarray(0, at % bytes.length))).toBeUndefined();
        expect(readEnvelope(Buffer.concat([bytes, Buffer.from('x')]))).toBeUndefined();
      }),
    );
  });

  it('is nothing for any other bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => readEnvelope(bytes) === undefined));
  });
});
