import { openPageGuest } from '../page/page-guest.ts';
import { calm, conversation, held } from './common.ts';
import { everybody, workplace } from './layout.ts';
import type { Profile } from './profile.ts';

/** In the channel that is looked at, which comes behind all others. */
const speakers = 5;
/** Its part of all messages: ten a second of 500. */
const looked = 0.02;
/** The viewer is in the channel of all and in as many of the busiest teams. */
const joined = 7;

export const browser: Profile = {
  name: 'browser',
  about:
    'A person types before a page of the hub, in Chromium, while messages come into the channel on it and many more into others',
  size: { agents: 111, rate: 500, seconds: 30 },
  ground: 'embedded',
  nodes: 1,
  layout({ agents }, random) {
    const work = workplace(agents, random);
    const members = everybody(Math.min(agents, speakers));
    return { ...work, channels: [...work.channels, { members, weight: looked }] };
  },
  traffic: conversation,
  invite(target, populated, run) {
    const place = populated.channels.length - 1;
    const others = everybody(Math.min(place, joined));
    return openPageGuest({ target, populated, run, place, others });
  },
  objectives: (size) => [
    ...calm,
    held(size),
    { metric: 'page.lost', atMost: 0 },
    { metric: 'page.doubled', atMost: 0 },
    { metric: 'page.disordered', atMost: 0 },
    { metric: 'page.altered', atMost: 0 },
    { metric: 'page.errors', atMost: 0 },
    { metric: 'page.rows', atMost: 200 },
    { metric: 'painted.p90', atMost: 100 },
    { metric: 'key.p90', atMost: 50 },
  ],
};
