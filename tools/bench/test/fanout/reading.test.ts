import { describe, expect, it } from 'vitest';
import { Delays } from '../../benches/fanout/delays.ts';
import { dialectOf } from '../../benches/fanout/dialects.ts';
import { FrameReader } from '../../benches/fanout/frame-reader.ts';
import { contentOf, markIn } from '../../benches/fanout/mark.ts';

const mark = { run: 7, number: 123_456 };

describe('the mark of a message', () => {
  it('is found in the text, and in the text as JSON', () => {
    const content = contentOf(mark, 200);
    expect(content).toHaveLength(200);
    expect(content.trim()).toBe(content);
    expect(markIn(content)).toEqual(mark);
    expect(markIn(JSON.stringify(['message', content]))).toEqual(mark);
    expect(markIn('anything else')).toBeUndefined();
  });
});

describe('what is read of a frame', () => {
  const [one, two] = [contentOf(mark, 100), contentOf({ run: 7, number: 5 }, 100)];

  it('has the messages of all lines, in their order, and the other lines', () => {
    const read = new FrameReader().read(Buffer.from(`${one}\nhello\n${two}`));
    expect(read).toEqual({ marks: [mark, { run: 7, number: 5 }], others: ['hello'] });
  });

  it('is the same for the same bytes, and another for others, however many there were between', () => {
    const reader = new FrameReader();
    const first = reader.read(Buffer.from(one));
    expect(reader.read(Buffer.from(one))).toBe(first);
    for (let number = 0; number < 100; number++) {
      const bytes = Buffer.from(contentOf({ run: 8, number }, 100));
      expect(reader.read(bytes).marks).toEqual([{ run: 8, number }]);
    }
    expect(reader.read(Buffer.from(one)).marks).toEqual([mark]);
  });

  it('takes an answer that repeats the text of a message for no delivery', () => {
    const { isMessage, isAck } = dialectOf({ kind: 'hub', channelId: 'c', tokens: [] });
    const ack = JSON.stringify({ type: 'ack', ref: 'r1', message: { content: one } });
    const event = JSON.stringify({ type: 'event', event: { message: { content: two } } });
    const { marks, others } = new FrameReader(isMessage).read(Buffer.from(`${event}\n${ack}`));
    expect(marks).toEqual([{ run: 7, number: 5 }]);
    expect(others.filter((line) => isAck?.(line))).toEqual([ack]);
  });
});

describe('delays', () => {
  it('keep their percentiles when several processes put theirs together', () => {
    const [all, other] = [new Delays(), new Delays()];
    for (let ms = 1; ms <= 99; ms++) (ms % 2 === 0 ? all : other).record(ms);
    other.record(1_000);
    all.merge(other.sparse());
    expect([all.at(50), all.at(99), all.at(100)]).toEqual([50, 99, 1_000]);
  });

  it('are zero for what came before it was due, and where there are none', () => {
    const delays = new Delays();
    expect(delays.at(99)).toBe(0);
    delays.record(-1);
    expect(delays.at(99)).toBe(0);
  });
});
