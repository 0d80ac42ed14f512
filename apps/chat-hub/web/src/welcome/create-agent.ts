import type { Hub } from '@parley/hub-client';
import { callHubAsAdmin } from '@parley/hub-client/admin';
import type { Channel, User } from '@parley/hub-protocol';
import { url } from '../hub/sign-in.ts';
import { firstName } from './use-steps.ts';

export interface NewAgent {
  readonly user: User;
  /** Told this once. */
  readonly token: string;
  /** Where it can speak. Undefined: there is no channel that all may be in. */
  readonly channel: Channel | undefined;
}

export interface AgentFacts {
  readonly displayName: string;
  readonly handle: string;
  readonly ownerId: string;
}

/** Makes an agent and lets it come in by its code, so that it is where everybody is and has a token. */
export async function createAgent(hub: Hub, facts: AgentFacts): Promise<NewAgent> {
  const call = callHubAsAdmin({ url });
  const { user, setup } = await call('createUser', { body: { kind: 'agent', ...facts } });
  const { credentials } = await hub.call('redeemSetupCode', { body: { code: setup.code } });
  if (credentials === null) throw new Error('The hub gave the agent no token');
  const channel = channelFor(hub);
  if (channel !== undefined && channel.name !== firstName) {
    const params = { channelId: channel.id, userId: user.id };
    await hub.call('putMember', { params, body: {} });
  }
  return { user, token: credentials.secret, channel };
}

function channelFor(hub: Hub): Channel | undefined {
  const all = [...hub.snapshot().channels.values()].map(({ channel }) => channel);
  const open = all.filter(({ kind, archivedAt }) => kind === 'public' && archivedAt === null);
  return open.find(({ name }) => name === firstName) ?? open[0];
}
