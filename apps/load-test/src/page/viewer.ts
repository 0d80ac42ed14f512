import type { HubApi } from '../target/hub-api.ts';

/** A person who looks at a hub; agents have no pages. */
export interface Viewer {
  readonly id: string;
  readonly handle: string;
  readonly password: string;
}

const password = 'a long password';

/** Comes in with a code, as people do, and is let into these channels. */
export async function addViewer(
  api: HubApi,
  run: string,
  channels: readonly { readonly id: string }[],
): Promise<Viewer> {
  const handle = `load-${run}-viewer`;
  const { user, setup } = await api.ask<{ user: { id: string }; setup: { code: string } }>('POST', '/users', {
    kind: 'person',
    handle,
    displayName: 'Viewer',
    role: 'member',
  });
  const response = await fetch(`${api.url}/api/v1/setup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code: setup.code, password }),
  });
  if (!response.ok) throw new Error(`${handle} could not come in: ${response.status}`);
  for (const { id } of channels)
    await api.ask('PUT', `/channels/${id}/members/${user.id}`, { role: 'member' });
  return { id: user.id, handle, password };
}
