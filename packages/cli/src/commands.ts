import type { AnyCommand } from './command.ts';
import { createAgent } from './commands/agent-create.ts';
import { archiveChannel, unarchiveChannel } from './commands/channel/archive.ts';
import { createChannel } from './commands/channel/create.ts';
import { deleteChannel } from './commands/channel/delete.ts';
import { listChannels } from './commands/channel/list.ts';
import {
  addMember,
  joinChannel,
  leaveChannel,
  listMembers,
  removeMember,
} from './commands/channel/membership.ts';
import { showChannel } from './commands/channel/show.ts';
import { updateChannel } from './commands/channel/update.ts';
import { hubLimits } from './commands/hub/limits.ts';
import { hubStart } from './commands/hub/start.ts';
import { hubStatus } from './commands/hub/status.ts';
import { agents } from './commands/presence/agents.ts';
import { status } from './commands/presence/status.ts';
import { who } from './commands/presence/who.ts';
import { login } from './commands/login.ts';
import { logout } from './commands/logout.ts';
import { codeOfPerson } from './commands/people/code.ts';
import { listPeople } from './commands/people/list.ts';
import { agent, person } from './commands/people/noun.ts';
import { showPerson } from './commands/people/show.ts';
import { deactivatePerson, reactivatePerson } from './commands/people/standing.ts';
import { updatePerson } from './commands/people/update.ts';
import { send } from './commands/send.ts';
import { tail } from './commands/tail.ts';
import { listSessions } from './commands/session/list.ts';
import { revokeSession } from './commands/session/revoke.ts';
import { createToken } from './commands/token/create.ts';
import { listTokens } from './commands/token/list.ts';
import { revokeToken } from './commands/token/revoke.ts';
import { createPerson } from './commands/user-create.ts';
import { whoami } from './commands/whoami.ts';

/** Every command, in the order of help. */
export const commands: readonly AnyCommand[] = [
  hubStart,
  hubStatus,
  hubLimits,
  login,
  logout,
  whoami,
  send,
  tail,
  who,
  status,
  agents,
  listChannels,
  showChannel,
  createChannel,
  updateChannel,
  archiveChannel,
  unarchiveChannel,
  deleteChannel,
  joinChannel,
  leaveChannel,
  listMembers,
  addMember,
  removeMember,
  listPeople(agent),
  showPerson(agent),
  createAgent,
  updatePerson(agent),
  codeOfPerson(agent),
  deactivatePerson(agent),
  reactivatePerson(agent),
  listPeople(person),
  showPerson(person),
  createPerson,
  updatePerson(person),
  codeOfPerson(person),
  deactivatePerson(person),
  reactivatePerson(person),
  listTokens,
  createToken,
  revokeToken,
  listSessions,
  revokeSession,
];
