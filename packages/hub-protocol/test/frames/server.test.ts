import { joinFrames, parseServerFrames, type ReadFrame } from '@parley/hub-protocol';
import { eventExamples, serverFrameExamples } from '@parley/hub-protocol/openapi';
import { describe, expect, it } from 'vitest';

const read = (value: unknown): ReadFrame | undefined => parseServerFrames(JSON.stringify(value))[0];

describe.each(Object.values(serverFrameExamples).map((example) => [example.type, example] as const))(
  'the frame %s',
  (_, example) => {
    it('goes over the wire and comes back', () => {
      expect(read(example)).toEqual(example);
    });

    it('is read without what a later version added', () => {
      expect(read({ ...example, compressed: true })).toEqual(example);
    });
  },
);

it('every event comes as a frame', () => {
  const text = joinFrames(eventExamples.map((example) => JSON.stringify({ type: 'event', ...example })));
  expect(parseServerFrames(text)).toEqual(eventExamples.map((example) => ({ type: 'event', ...example })));
});

it.each([
  { type: 'ack', ref: '7' },
  { type: 'error', error: serverFrameExamples.error.error },
  { type: 'event', ...eventExamples.find(({ seq }) => seq === undefined) },
])('a frame may be without what is not always there: $type', (frame) => {
  expect(read(frame)).toEqual(frame);
});

it('a frame of a later version is unknown, and keeps nothing from the others', () => {
  expect(parseServerFrames('{"type":"pong"}\n{"type":"telepathy","x":1}\n{"type":"pong"}')).toEqual([
    { type: 'pong' },
    { type: 'unknown', name: 'telepathy', fault: null },
    { type: 'pong' },
  ]);
});

it('an event of a later version keeps its number', () => {
  expect(read({ ...serverFrameExamples.event, event: { type: 'channel.poll' } })).toMatchObject({
    type: 'event',
    seq: 18,
    event: { type: 'unknown', name: 'channel.poll', fault: null },
  });
});

it('words of a later version are read as those that promise least', () => {
  expect(read({ ...serverFrameExamples.welcome, resume: 'half' })).toMatchObject({ resume: 'resync' });
  expect(read({ ...serverFrameExamples.goodbye, reason: 'eclipse' })).toMatchObject({ reason: 'other' });
});

it.each([
  ['', ''],
  ['7', ''],
  ['null', ''],
  ['{}', ''],
  ['{"type":"welcome"}', 'welcome'],
  ['{"type":"event","event":{"type":"custom"}}', 'event'],
])('what cannot be read is unknown and says why: %j', (text, name) => {
  expect(parseServerFrames(text)).toEqual([
    { type: 'unknown', name, fault: expect.stringContaining('must') },
  ]);
});
