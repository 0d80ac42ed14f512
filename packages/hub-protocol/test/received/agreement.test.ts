import { isDeepStrictEqual } from 'node:util';
import {
  checkReceived,
  hubEventSchema,
  isHubError,
  parseEnvelope,
  parseServerFrames,
  readEnvelopeSchema,
  readReceived,
  serverFrameSchemas,
} from '@parley/hub-protocol';
import { adminCalls, backupCalls, calls, fileCalls, routeList } from '@parley/hub-protocol/rest';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ZodMiniType } from 'zod/mini';
import { idOf } from '../support.ts';
import { placesIn, replaced, slips, valuesOf } from './values-of.ts';

// Tens of thousands of refusals, each with the place where it was made, are what would take the time here.
const { stackTraceLimit } = Error;
beforeAll(() => {
  Error.stackTraceLimit = 0;
});
afterAll(() => {
  Error.stackTraceLimit = stackTraceLimit;
});

/** What was made of a value, or the field at which it was refused. */
type Outcome = { readonly made: unknown } | { readonly refused: string };

/** A schema, and how a client reads the same. */
interface Pair {
  readonly name: string;
  readonly schema: ZodMiniType;
  readonly read: (value: unknown) => Outcome;
}

const fieldOf = (fault: string | null): string => fault?.split(' must ')[0] ?? '';

function outcomeOf(work: () => unknown): Outcome {
  try {
    return { made: work() };
  } catch (error) {
    if (isHubError(error)) return { refused: fieldOf(error.message) };
    throw error;
  }
}

const replies = Object.entries({ ...calls, ...adminCalls, ...fileCalls, ...backupCalls }).flatMap(
  ([name, call]): Pair[] => {
    const schema = routeList.find((route) => route.name === name)?.reply;
    const reply = 'reply' in call ? call.reply : undefined;
    if (schema === undefined || typeof schema === 'string') return [];
    if (reply === undefined || typeof reply === 'string') throw new Error(`${name} has no reader`);
    return [{ name, schema, read: (value) => outcomeOf(() => readReceived<unknown>(reply, value)) }];
  },
);

const frames = Object.entries(serverFrameSchemas).flatMap(([name, schema]): Pair[] => {
  if (name === 'event') return [];
  const read = (value: unknown): Outcome => {
    const [frame] = parseServerFrames(JSON.stringify(value));
    return frame?.type === 'unknown' ? { refused: fieldOf(frame.fault) } : { made: frame };
  };
  return [{ name, schema, read }];
});

const events = hubEventSchema.def.options.map((schema): Pair => {
  const read = (event: unknown): Outcome => {
    const envelope = { event, timestamp: 1, senderId: null, channelId: idOf(1) };
    const made = parseEnvelope(envelope).event;
    return made.type === 'unknown' ? { refused: fieldOf(made.fault) } : { made };
  };
  return { name: schema.shape.type.def.values[0] ?? '', schema, read };
});

const envelope: Pair = {
  name: 'the envelope',
  schema: readEnvelopeSchema,
  read: (value) => outcomeOf(() => parseEnvelope(value)),
};

/** As it comes over the wire; what JSON cannot say is not there. */
function asJson(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}

/** By the type it is known what is to be read. */
const isType = (path: readonly unknown[]): boolean => path.length <= 1 && (path[0] ?? 'type') === 'type';

describe.each([
  ['answers', replies, false],
  ['frames', frames, true],
  ['events', events, true],
  ['what surrounds events', [envelope], false],
] as const)('%s are read as their schemas say', (_, pairs, typed) => {
  it.each(pairs.map((pair) => [pair.name, pair] as const))(
    '%s',
    { timeout: 60_000 },
    (_, { schema, read }) => {
      const differences = (value: unknown): unknown[] => {
        const [readers, schemas] = [read(value), outcomeOf(() => checkReceived(schema, value))];
        return isDeepStrictEqual(readers, schemas) ? [] : [{ value, readers, schemas }];
      };
      fc.assert(
        fc.property(valuesOf(schema), (generated) => {
          const value = asJson(generated);
          const places = placesIn(value).filter((path) => !typed || !isType(path));
          const wrong = places.flatMap((place) => slips.map((slip) => asJson(replaced(value, place, slip))));
          expect([value, ...wrong].flatMap(differences)[0]).toBeUndefined();
        }),
        { numRuns: 3 },
      );
    },
  );
});

it('no answer, frame or event is left out', () => {
  expect(replies.length).toBe(
    routeList.filter(({ reply }) => reply !== undefined && typeof reply !== 'string').length,
  );
  expect(frames).toHaveLength(Object.keys(serverFrameSchemas).length - 1);
  expect(events.length).toBeGreaterThan(20);
});
