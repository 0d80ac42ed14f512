import {
  checkSent,
  isHubError,
  parseClientFrame,
  parseClientFrames,
  parseEnvelope,
  parseEvent,
  parseServerFrames,
} from '@parley/hub-protocol';
import { clientFrameExamples, eventExamples, serverFrameExamples } from '@parley/hub-protocol/openapi';
import { routeList } from '@parley/hub-protocol/rest';
import fc from 'fast-check';
import { describe, it } from 'vitest';

const nastyKey = fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString', 'length', 'then', '');
const anything = fc.anything({
  key: fc.oneof(fc.string(), nastyKey),
  withNullPrototype: false,
  maxDepth: 5,
});
/** What JSON can say, with keys that are meant to hurt. */
const json = anything.map((value) => JSON.parse(JSON.stringify(value) ?? 'null') as unknown);

/** Something that was right before one of its fields became something else. */
function broken(examples: readonly object[]): fc.Arbitrary<unknown> {
  return fc
    .tuple(fc.constantFrom(...examples), fc.double({ min: 0, max: 1, noNaN: true }), json)
    .map(([example, where, value]) => {
      const text = JSON.stringify(example);
      const holes = [...text.matchAll(/:("(?:[^"\\]|\\.)*"|\d+(?:\.\d+)?|null|true|false)/g)];
      const hole = holes[Math.min(holes.length - 1, Math.floor(where * holes.length))];
      if (!hole) return value;
      const from = hole.index + 1;
      const [, old = ''] = hole;
      return JSON.parse(
        `${text.slice(0, from)}${JSON.stringify(value)}${text.slice(from + old.length)}`,
      ) as unknown;
    });
}

function mayRefuse(call: () => unknown): void {
  try {
    call();
  } catch (error) {
    if (!isHubError(error)) throw error;
  }
}

describe('whatever comes in, nothing but an error of the hub goes out', () => {
  const frames = [...Object.values(clientFrameExamples), ...Object.values(serverFrameExamples)];

  it('from text that is no frame', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        mayRefuse(() => parseClientFrame(text));
        parseClientFrames(text);
        parseServerFrames(text);
      }),
      { numRuns: 1_000 },
    );
  });

  it('from JSON of any kind, and from frames with something else in them', () => {
    fc.assert(
      fc.property(fc.oneof(json, broken(frames)), (value) => {
        const text = JSON.stringify(value);
        mayRefuse(() => parseClientFrame(text));
        parseClientFrames(text);
        parseServerFrames(text);
      }),
      { numRuns: 2_000 },
    );
  });

  it('from events with something else in them', () => {
    fc.assert(
      fc.property(fc.oneof(json, broken(eventExamples)), (value) => {
        mayRefuse(() => parseEvent(value));
        mayRefuse(() => parseEnvelope(value));
      }),
      { numRuns: 2_000 },
    );
  });

  it('from bodies, queries and parameters of every route', () => {
    const schemas = routeList.flatMap(({ body, query, params }) =>
      [body, query, params].filter((schema) => typeof schema === 'object'),
    );
    fc.assert(
      fc.property(fc.constantFrom(...schemas), json, (schema, value) => {
        mayRefuse(() => checkSent(schema, value));
      }),
      { numRuns: 2_000 },
    );
  });
});

it('what is let through has no key that changes a prototype', () => {
  fc.assert(
    fc.property(broken(Object.values(clientFrameExamples)), (value) => {
      mayRefuse(() => {
        const text = JSON.stringify(parseClientFrame(JSON.stringify(value)));
        if (text.includes('"__proto__":')) throw new Error(`let through: ${text}`);
      });
    }),
    { numRuns: 2_000 },
  );
});
