import type { Hub } from '@parley/hub-client';
import { streamMessage } from '@parley/hub-client/streams';
import { describe, expect, it } from 'vitest';
import { FakeHub } from './support/fake-hub.ts';
import { live } from './support/live.ts';
import { general } from './support/values.ts';

const shown = (hub: Hub): string[] | undefined =>
  hub
    .snapshot()
    .channels.get(general)
    ?.messages.map(({ content }) => content);

const appended = (fake: FakeHub): string[] =>
  fake.heard.flatMap((frame) => (frame.type === 'append' ? [frame.text] : []));

describe('a message whose text comes bit by bit', () => {
  it('is shown as it grows, and ends with the whole', async () => {
    const { hub, clock } = await live();
    const stream = streamMessage(hub, general, {}, { clock });
    stream.append('Hel');
    await clock.settle();
    stream.append('lo 🌍');
    await clock.advance(100);
    expect(shown(hub)).toEqual(['Hello 🌍']);
    stream.append('!');
    await clock.advance(100);
    expect(shown(hub)).toEqual(['Hello 🌍!']);
    const finished = await stream.finish();
    await clock.settle();
    expect(finished).toMatchObject({ content: 'Hello 🌍!', streaming: 'done' });
    expect(shown(hub)).toEqual(['Hello 🌍!']);
  });

  it('shows nothing behind a gap, and all of it with the end', async () => {
    const { fake, hub, clock } = await live();
    const stream = streamMessage(hub, general, {}, { clock });
    stream.append('one ');
    await clock.advance(100);
    fake.mangle = () => [];
    stream.append('two ');
    await clock.advance(100);
    fake.mangle = (frames) => frames;
    stream.append('three');
    await clock.advance(100);
    expect(shown(hub)).toEqual(['one ']);
    await stream.finish();
    await clock.settle();
    expect(shown(hub)).toEqual(['one two three']);
  });

  it('goes in parts as large as this hub takes them', async () => {
    const fake = new FakeHub();
    fake.limits.append = 3;
    const { hub, clock } = await live(fake);
    const stream = streamMessage(hub, general, {}, { clock });
    await clock.settle();
    stream.append('four more');
    await clock.settle();
    expect(appended(fake)).toEqual(['fou', 'r m', 'ore']);
    hub.close();
  });

  it('shows what is repeated once', async () => {
    const { fake, hub, clock } = await live();
    fake.mangle = (frames) => [...frames, ...frames];
    const stream = streamMessage(hub, general, {}, { clock });
    for (const text of ['a', 'b', 'c']) stream.append(text);
    await clock.advance(100);
    expect(shown(hub)).toEqual(['abc']);
  });

  it('goes as one frame for what is said within a moment', async () => {
    const { fake, hub, clock } = await live();
    const stream = streamMessage(hub, general, {}, { clock });
    await clock.settle();
    for (const text of ['a', 'b', 'c']) stream.append(text);
    await clock.advance(100);
    expect(appended(fake)).toEqual(['a', 'bc']);
  });

  it('says that its author lives, for as long as its program has said something', async () => {
    const { fake, hub, clock } = await live();
    const stream = streamMessage(hub, general, {}, { clock });
    stream.append('a');
    await clock.advance(25_000);
    expect(appended(fake)).toEqual(['a', '', '']);
    await clock.advance(900_000);
    const signs = appended(fake).length;
    expect(signs).toBeLessThanOrEqual(61);
    stream.append('');
    await clock.advance(20_000);
    expect(appended(fake).length).toBe(signs + 2);
    await stream.finish({ content: 'b' });
    await clock.advance(60_000);
    expect(appended(fake).length).toBe(signs + 2);
  });

  it('is said anew to the node of the next connection, which has heard nothing of it', async () => {
    const { fake, hub, clock } = await live();
    const stream = streamMessage(hub, general, { content: 'It ' }, { clock });
    stream.append('began');
    await clock.advance(100);
    fake.cut();
    await clock.settle();
    stream.append(', and went on');
    await clock.advance(5_000);
    const frames = fake.heard.flatMap((frame) =>
      frame.type === 'append' ? [[frame.offset, frame.text]] : [],
    );
    expect(frames).toEqual([
      [3, 'began'],
      [3, 'began, and went on'],
    ]);
    expect(shown(hub)).toEqual(['It began, and went on']);
  });

  it('is over with its client', async () => {
    const { fake, hub, clock } = await live();
    streamMessage(hub, general, {}, { clock }).append('a');
    await clock.settle();
    hub.close();
    await clock.advance(60_000);
    expect(appended(fake)).toEqual(['a']);
  });
});
