import type { Hub } from '@parley/hub-client';
import { describe, expect, it } from 'vitest';
import { FakeHub } from './support/fake-hub.ts';
import { live } from './support/live.ts';
import { general } from './support/values.ts';

const shown = (hub: Hub): string[] | undefined =>
  hub
    .snapshot()
    .channels.get(general)
    ?.messages.map(({ content }) => content);

describe('a message whose text comes bit by bit', () => {
  it('is shown as it grows, and ends with the whole', async () => {
    const { hub, clock } = await live();
    const stream = hub.stream(general);
    stream.append('Hel');
    await clock.settle();
    stream.append('lo 🌍');
    await clock.settle();
    expect(shown(hub)).toEqual(['Hello 🌍']);
    stream.append('!');
    await clock.settle();
    expect(shown(hub)).toEqual(['Hello 🌍!']);
    const finished = await stream.finish();
    expect(finished).toMatchObject({ content: 'Hello 🌍!', streaming: 'done' });
    expect(shown(hub)).toEqual(['Hello 🌍!']);
  });

  it('shows nothing behind a gap, and all of it with the end', async () => {
    const { fake, hub, clock } = await live();
    const stream = hub.stream(general);
    stream.append('one ');
    await clock.settle();
    fake.mangle = () => [];
    stream.append('two ');
    await clock.settle();
    fake.mangle = (frames) => frames;
    stream.append('three');
    await clock.settle();
    expect(shown(hub)).toEqual(['one ']);
    await stream.finish();
    await clock.settle();
    expect(shown(hub)).toEqual(['one two three']);
  });

  it('goes in parts as large as this hub takes them', async () => {
    const fake = new FakeHub();
    fake.limits.append = 3;
    const { hub, clock } = await live(fake);
    const stream = hub.stream(general);
    await clock.settle();
    stream.append('four more');
    await clock.settle();
    const parts = fake.heard.flatMap((frame) => (frame.type === 'append' ? [frame.text] : []));
    expect(parts).toEqual(['fou', 'r m', 'ore']);
    hub.close();
  });

  it('shows what is repeated once', async () => {
    const { fake, hub, clock } = await live();
    fake.mangle = (frames) => [...frames, ...frames];
    const stream = hub.stream(general);
    for (const text of ['a', 'b', 'c']) stream.append(text);
    await clock.settle();
    expect(shown(hub)).toEqual(['abc']);
  });
});
