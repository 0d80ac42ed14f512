import { scopesOfRole } from '@parley/hub-protocol';
import { ConfigError } from '@parley/runtime';
import type { Caller } from '../access/caller.ts';
import type { Hub } from '../compose.ts';
import type { Tables } from '../database/tables.ts';
import { historyLines, source } from './history.ts';
import { cast, type Role } from './script/cast.ts';

/** One of the cast, who has come in. */
export interface Member {
  readonly role: Role;
  readonly userId: string;
  readonly token: string;
}

/** Makes the workspace of the demo, unless it is there, and lets everybody of the cast in. */
export async function settleCast(hub: Hub, founder: Caller, now: number): Promise<Member[]> {
  await requireOwn(hub, founder);
  const lines = new TextEncoder().encode(historyLines(now));
  const { refused } = await hub.chat.imports.take(founder, source, lines);
  const [wrong] = refused;
  if (wrong !== undefined) throw new Error(`line ${wrong.line} of the demo is wrong: ${wrong.reason}`);
  const members: Member[] = [];
  for (const role of cast) {
    const [user] = await hub.access.users.list({ handle: role.handle, limit: 1 });
    if (user === undefined) throw new Error(`${role.handle} has not come to the demo`);
    const { capabilities } = role;
    await hub.access.users.update(founder, user.id, { capabilities: [...capabilities] });
    const wanted = { name: 'demo', userId: user.id, scopes: scopesOfRole.member };
    const { secret } = await hub.access.tokens.create(founder, wanted);
    members.push({ role, userId: user.id, token: secret });
  }
  return members;
}

/** Nobody's workspace is filled with scripted talk by a slip of the finger. */
async function requireOwn({ access, tables }: Hub, founder: Caller): Promise<void> {
  const users = await access.users.list({ limit: 2 });
  const others = users.filter(({ id }) => id !== founder.userId);
  if (others.length === 0) return;
  const made = await tables
    .kysely<Tables>()
    .selectFrom('imported')
    .select('id')
    .where('source', '=', source)
    .limit(1)
    .executeTakeFirst();
  if (made !== undefined) return;
  const variable = 'DATABASE_URL';
  throw new ConfigError([
    {
      variable,
      message: `${variable} names a workspace in which others are already: the demo needs an empty one`,
    },
  ]);
}
