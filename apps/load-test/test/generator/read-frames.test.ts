import { expect, it } from 'vitest';
import { contentOf, markAt, markerOf } from '../../src/generator/content.ts';
import { FrameReader } from '../../src/generator/read-frames.ts';

const marker = markerOf('abc123');

function line(type: string, content: string, seq: number): string {
  const event = JSON.stringify({ type, channelId: 'c', message: { id: 'm', content } });
  return `{"type":"event","event":${event},"timestamp":17,"senderId":"s","channelId":"c-1","seq":${seq},"epoch":"e"}`;
}

it('a mark says which message it is and when it was due', () => {
  const text = contentOf(marker, { number: 4_711, due: 123_456_789.125 }, 60);
  expect(markAt(text, marker.length)).toEqual({ number: 4_711, due: 123_456_789.125 });
});

it('a text has the length that was asked for, and is never shorter than its mark', () => {
  for (const length of [40, 41, 75, 200, 4_000])
    expect(contentOf(marker, { number: 1, due: 1 }, length)).toHaveLength(length);
  const least = contentOf(marker, { number: 1, due: 1 }, 0);
  expect(markAt(least, marker.length).number).toBe(1);
  expect(least.trim()).toBe(least);
});

it('the frames of one message are read in order, of whatever kind', () => {
  const content = contentOf(marker, { number: 9, due: 5 }, 100);
  const bytes = Buffer.from(
    [line('channel.message', content, 7), '{"type":"caught_up","channelId":"c-1","seq":7}'].join('\n'),
  );
  expect(new FrameReader(marker).read(bytes)).toEqual([
    { type: 'logged', channelId: 'c-1', seq: 7, number: 9, due: 5 },
    { type: 'caught_up', channelId: 'c-1', seq: 7 },
  ]);
});

it('an event that shows a message again is none, and neither is one of another run', () => {
  const content = contentOf(marker, { number: 9, due: 5 }, 100);
  const reader = new FrameReader(marker);
  expect(reader.read(Buffer.from(line('channel.message.edit', content, 8)))).toMatchObject([
    { seq: 8, number: 0 },
  ]);
  const other = contentOf(markerOf('fff'), { number: 9, due: 5 }, 100);
  expect(reader.read(Buffer.from(line('channel.message', other, 9)))).toMatchObject([{ seq: 9, number: 0 }]);
});

it('what people write is not taken for the envelope', () => {
  const content = `${contentOf(marker, { number: 3, due: 5 }, 60)} ","channelId":"evil","seq":1,"epoch":"x"}`;
  expect(new FrameReader(marker).read(Buffer.from(line('channel.message', content, 11)))).toMatchObject([
    { channelId: 'c-1', seq: 11, number: 3 },
  ]);
});

it('a moment, which has no number, is read as a whole', () => {
  const text =
    '{"type":"event","event":{"type":"channel.typing","state":"start"},"timestamp":1,"channelId":"c-1"}';
  expect(new FrameReader(marker).read(Buffer.from(text))).toEqual([JSON.parse(text)]);
});

it('bytes that are the same are read once, and bytes that differ in one place are not', () => {
  const reader = new FrameReader(marker);
  const one = Buffer.from(line('channel.message', contentOf(marker, { number: 1, due: 5 }, 80), 1));
  const other = Buffer.from(line('channel.message', contentOf(marker, { number: 1, due: 5 }, 80), 2));
  const first = reader.read(one);
  expect(reader.read(Buffer.from(one))).toBe(first);
  // What is kept is a copy: the memory that was read may be used for something else.
  other.copy(one);
  expect(reader.read(other)).toMatchObject([{ seq: 2 }]);
});
