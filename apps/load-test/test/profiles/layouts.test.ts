import { seededRandom } from '@parley/services';
import { describe, expect, test } from 'vitest';
import { profiles } from '../../src/profiles/profiles.ts';

describe.each(profiles.map((profile) => [profile.name, profile] as const))('in %s', (_, { layout, size }) => {
  const { agents, users, channels } = layout(size, seededRandom(1));
  const places = Array.from({ length: agents }, (): number[] => []);
  for (const [place, { members }] of channels.entries())
    for (const agent of members) places[agent]?.push(place);

  test('every agent has a channel, and no channel names one that is not there', () => {
    expect(places.filter((of) => of.length === 0)).toEqual([]);
    expect(channels.flatMap(({ members }) => members).filter((agent) => agent >= agents)).toEqual([]);
  });

  test('connections of one user expect the same: all of them hear whatever their user has joined', () => {
    for (const [agent, of] of places.entries()) expect(of).toEqual(places[agent % users]);
  });
});
