import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EntryCodec } from '../src/entry-codec.ts';
import { writeEnvelope } from '../src/envelope.ts';

const rest = {
  negative: false,
  sliding: false,
  freshMs: 1,
  keepMs: 1,
  scopeEpochs: [],
  tags: [],
  tagEpochs: [],
};

async function roundTrip(
  codec: EntryCodec,
  value: unknown,
  compressFrom = Infinity,
  reader = codec,
): Promise<unknown> {
  const encoded = await codec.encode(value, compressFrom);
  return (await reader.decode(writeEnvelope({ ...rest, ...encoded }), 1e9))?.value;
}

describe('values', () => {
  it('come back exactly, whatever they are made of', async () => {
    const values = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withTypedArray: true,
    });
    await fc.assert(
      fc.asyncProperty(values, async (value) => {
        fc.pre(value !== undefined);
        expect(await roundTrip(new EntryCodec(), value)).toEqual(value);
      }),
    );
  });

  it('have bytes of their own: neither a change of them reaches the store, nor do they keep what else was read with them', async () => {
    const codec = new EntryCodec();
    const encoded = await codec.encode(Uint8Array.of(1, 2, 3), Infinity);
    const record = writeEnvelope({ ...rest, ...encoded });
    const chunk = new Uint8Array(65_536);
    chunk.set(record, 100);
    const stored = chunk.subarray(100, 100 + record.length);
    const bytes = (await codec.decode(stored, 1e9))?.value;
    if (!(bytes instanceof Uint8Array)) throw new Error('it came back as something else');
    expect(bytes).toEqual(Uint8Array.of(1, 2, 3));
    expect(bytes.buffer.byteLength).toBeLessThan(record.length);
    bytes.fill(9);
    expect((await codec.decode(stored, 1e9))?.value).toEqual(Uint8Array.of(1, 2, 3));
  });

  it('are refused where they would come back changed', () => {
    class Money {
      readonly amount = 1;
    }
    for (const value of [
      () => 1,
      Symbol('s'),
      new Money(),
      { deep: [new Money()] },
      new WeakMap(),
      Promise.resolve(),
    ]) {
      expect(() => new EntryCodec().encode(value, Infinity)).toThrow(/must be/);
    }
  });

  it('are compressed from the threshold on, and readable after the option changed', async () => {
    const value = 'long '.repeat(10_000);
    const small = await new EntryCodec().encode(value, 1_000);
    expect(small.compressed).toBe(true);
    expect(small.payload.length).toBeLessThan(2_000);
    expect(await roundTrip(new EntryCodec(), value, 1_000)).toBe(value);
    expect((await new EntryCodec().encode('short', 1_000)).compressed).toBe(false);
  });

  it('are not inflated beyond the largest size that is allowed', async () => {
    const encoded = await new EntryCodec().encode('0'.repeat(5_000_000), 1);
    expect(await new EntryCodec().decode(writeEnvelope({ ...rest, ...encoded }), 1_000_000)).toBeUndefined();
  });

  it('of a codec that is not known here are misses', async () => {
    const upper = {
      id: 77,
      encode: (value: unknown) => Buffer.from(String(value).toUpperCase()),
      decode: (bytes: Uint8Array) => Buffer.from(bytes).toString(),
    };
    const own = new EntryCodec({ codec: upper });
    expect(await roundTrip(own, 'x')).toBe('X');
    expect(await roundTrip(own, 'x', Infinity, new EntryCodec())).toBeUndefined();
    expect(await roundTrip(own, 'x', Infinity, new EntryCodec({ readable: [upper] }))).toBe('X');
  });
});
