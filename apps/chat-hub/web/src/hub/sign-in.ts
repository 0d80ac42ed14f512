import { callHub, connectHub } from '@parley/hub-client';
import { isHubError } from '@parley/hub-protocol';
import { framed } from './framed.ts';
import type { Session } from './context.ts';

export const url = location.origin;

/** Routes without a connection. Calls end after a quarter of a minute. */
export const call = callHub({ url });

const meta = (name: string): string =>
  document.querySelector<HTMLMetaElement>(`meta[name="parley-${name}"]`)?.content ?? '';

export const workspace = meta('name') || 'Parley';
let owned = meta('owned') !== 'false';
/** Until somebody owns it, nobody can sign in. */
export const isOwned = (): boolean => owned;

/** Connects as who is signed in. Undefined: nobody is. */
export async function openSession(onSignedOut: () => void): Promise<Session | undefined> {
  const me = await call('readSession').catch((error: unknown) => {
    if (isHubError(error) && error.code === 'UNAUTHENTICATED') return undefined;
    throw error;
  });
  if (me === undefined) return undefined;
  owned = true;
  const hub = framed(connectHub({ url }));
  return {
    hub,
    userId: me.user.id,
    scopes: new Set(me.scopes),
    workspace,
    async signOut() {
      await call('deleteSession');
      hub.close();
      onSignedOut();
    },
  };
}
