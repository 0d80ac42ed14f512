import { readFileSync } from 'node:fs';
import { memoryFeed } from '@parley/presence';
import { sharedPostgres } from '@parley/services';
import { expect, it } from 'vitest';
// #region presence
import { connectPostgres } from '@parley/adapter-postgres';
import { postgresPresenceStore } from '@parley/adapter-postgres/presence';
import { createPresence, type Feed } from '@parley/presence';

export async function greetAll(url: string, schema: string, feed: Feed): Promise<string[]> {
  await using db = connectPostgres({ url, schema });
  await using presence = createPresence({ store: postgresPresenceStore(db), feed });
  await presence.connect({ user: 'ann' }).join('room-7');
  const { members } = await presence.members('room-7');
  return members.map(({ user, status }) => `${user} is ${status}`);
}
// #endregion presence

it('runs', async () => {
  await using shared = await sharedPostgres();
  expect(await greetAll(shared.url, shared.schema, memoryFeed())).toEqual(['ann is online']);
});

it('is what the README shows', () => {
  const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
  const [, tested] =
    /\/\/ #region presence\n([^]*?)\/\/ #endregion presence/.exec(read('presence.test.ts')) ?? [];
  expect(tested).toBeDefined();
  expect(read('../../README.md')).toContain(`\`\`\`ts\n${tested}\`\`\``);
});
