import { expect, test } from 'vitest';
import { avatarOf } from '../../src/chat/avatar.ts';
import { newId } from '../../src/database/ids.ts';

test('an avatar is the same for one id, another for another, and nothing but a drawing', () => {
  const ids = Array.from({ length: 200 }, () => newId());
  const avatars = ids.map((id) => avatarOf(id, 'person'));
  expect(avatars).toEqual(ids.map((id) => avatarOf(id, 'person')));
  expect(new Set(avatars)).toHaveProperty('size', 200);
  for (const svg of avatars)
    expect(svg).toMatch(
      /^<svg xmlns="[^"]+" viewBox="[\d ]+" width="88" height="88"><rect [^<>]+\/><path [^<>]+\/><\/svg>$/,
    );
});

test('agents look otherwise than people', () => {
  expect(avatarOf('x', 'agent')).not.toBe(avatarOf('x', 'person'));
});
