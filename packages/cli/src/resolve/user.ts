import type { CallRoute } from '@parley/hub-client';
import { isHubError, limits, type User, type UserKind } from '@parley/hub-protocol';
import { notFound } from '../cli-error.ts';
import { didYouMean, nearest } from '../near-miss.ts';
import { everything } from './everything.ts';
import { isId } from './is-id.ts';

/** The user that is meant by `ann`, `@ann`, or an id; also one who was deactivated. */
export async function userCalled(call: CallRoute, word: string, kind?: UserKind): Promise<User> {
  const handle = word.replace(/^@/, '').toLowerCase();
  const found = isId(handle) ? await byId(call, handle) : await byHandle(call, handle);
  const noun = nounOf(kind);
  if (found === undefined) {
    const known = await everything((cursor) =>
      call('listUsers', { query: { limit: limits.page, kind, ...cursor } }),
    );
    const near = nearest(
      handle,
      known.map((user) => user.handle),
    );
    throw notFound(
      `there is no ${noun} called ${handle}`,
      didYouMean(near) ?? `parley ${kind === 'agent' ? 'agent' : 'user'} list shows who there is`,
    );
  }
  if (kind === undefined || found.kind === kind) return found;
  throw notFound(
    `${found.handle} is ${nounOf(found.kind, true)}, not ${nounOf(kind, true)}`,
    `Use parley ${found.kind === 'agent' ? 'agent' : 'user'}`,
  );
}

function nounOf(kind: UserKind | undefined, article = false): string {
  const noun = kind ?? 'user';
  return article ? `${noun === 'agent' ? 'an' : 'a'} ${noun}` : noun;
}

async function byHandle(call: CallRoute, handle: string): Promise<User | undefined> {
  if (handle === '' || handle.length > limits.handle) return undefined;
  for (const deactivated of [false, true]) {
    const { items } = await call('listUsers', { query: { handle, deactivated } });
    if (items[0] !== undefined) return items[0];
  }
  return undefined;
}

async function byId(call: CallRoute, userId: string): Promise<User | undefined> {
  try {
    return await call('readUser', { params: { userId } });
  } catch (error) {
    if (isHubError(error, 'NOT_FOUND')) return undefined;
    throw error;
  }
}
