import { virtualClock } from '@parley/cache-core/kernel';
import { describe, expect, it } from 'vitest';
import type { Place } from '../../src/chat/places.ts';
import { Streams } from '../../src/chat/streams.ts';
import { newId } from '../../src/database/ids.ts';

describe('what is heard of a message', () => {
  const clock = virtualClock();
  const id = newId();
  const place: Place = {
    id,
    channelId: newId(),
    threadId: undefined,
    kind: 'message',
    deleted: false,
    senderId: newId(),
    streaming: 'open',
    seq: 1,
    counts: true,
  };
  const heard = (...parts: ReadonlyArray<readonly [offset: number, text: string]>): string | undefined => {
    const streams = new Streams(clock);
    streams.begin(place, '🚀a');
    for (const [offset, text] of parts) streams.hear(id, offset, text);
    return streams.takeFresh()[0]?.content;
  };

  it('is put together by characters; what comes again replaces, what comes behind a gap is left out', () => {
    expect(heard([2, 'b🚀'], [4, 'c'])).toBe('🚀ab🚀c');
    expect(heard([2, 'bcd'], [3, 'CDE'])).toBe('🚀abCDE');
    expect(heard([2, 'bcd'], [0, '🚀a'])).toBe('🚀abcd');
    expect(heard([2, 'b'], [9, 'lost'])).toBe('🚀ab');
  });

  it('is noted once, and again where that failed', async () => {
    const streams = new Streams(clock);
    streams.begin(place, '');
    streams.hear(id, 0, 'x');
    expect(streams.takeFresh()).toHaveLength(1);
    expect(streams.takeFresh()).toEqual([]);
    streams.keepFresh([id, newId()]);
    await clock.advance(500);
    // As old as it is by then: another node may have heard more since.
    expect(streams.takeFresh()).toEqual([{ id, content: 'x', age: 500 }]);
    streams.forget(id);
    streams.keepFresh([id]);
    expect(streams.takeFresh()).toEqual([]);
  });
});
