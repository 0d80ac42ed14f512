import type { CallAnyRoute } from '@parley/hub-client/admin';
import type { Command, CommandCall } from '@parley/hub-protocol';
import { url } from '../hub/sign-in.ts';

/** What is typed is not loaded with what is read. */
let calling: Promise<CallAnyRoute> | undefined;

function caller(): Promise<CallAnyRoute> {
  calling ??= import('@parley/hub-client/admin').then(({ callHubAsAdmin }) => callHubAsAdmin({ url }));
  return calling.catch((error: unknown) => {
    calling = undefined;
    throw error;
  });
}

/** What can be typed in a channel now. */
export async function loadCommands(channelId: string): Promise<readonly Command[]> {
  const call = await caller();
  return (await call('listCommands', { params: { channelId } })).items;
}

export async function callCommand(channelId: string, clientId: string, text: string): Promise<CommandCall> {
  const call = await caller();
  return call('callCommand', { params: { channelId }, body: { clientId, text } });
}

export async function readCommandCall(callId: string): Promise<CommandCall> {
  const call = await caller();
  return call('readCommandCall', { params: { callId } });
}
