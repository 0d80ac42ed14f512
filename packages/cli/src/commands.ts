import type { AnyCommand } from './command.ts';
import { createAgent } from './commands/agent-create.ts';
import { exportAudit } from './commands/audit/export.ts';
import { listAudit } from './commands/audit/list.ts';
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
import { channelRetention } from './commands/channel/retention.ts';
import { showChannel } from './commands/channel/show.ts';
import { updateChannel } from './commands/channel/update.ts';
import { deleteFile } from './commands/file/delete.ts';
import { getFile } from './commands/file/get.ts';
import { listFiles } from './commands/file/list.ts';
import { listOwnFiles } from './commands/file/own.ts';
import { putFile } from './commands/file/put.ts';
import { fileRoom } from './commands/file/room.ts';
import { hubLimits } from './commands/hub/limits.ts';
import { hubMetrics } from './commands/hub/metrics.ts';
import { hubStart } from './commands/hub/start.ts';
import { hubStatus } from './commands/hub/status.ts';
import { hubVerify } from './commands/hub/verify.ts';
import { agents } from './commands/presence/agents.ts';
import { status } from './commands/presence/status.ts';
import { who } from './commands/presence/who.ts';
import { login } from './commands/login.ts';
import { logout } from './commands/logout.ts';
import { announce } from './commands/moderation/announce.ts';
import {
  freezeChannel,
  muteMember,
  slowChannel,
  unfreezeChannel,
  unmuteMember,
} from './commands/moderation/channel.ts';
import { timeoutOf } from './commands/moderation/timeout.ts';
import { codeOfPerson } from './commands/people/code.ts';
import { openCodes } from './commands/people/codes.ts';
import { listPeople } from './commands/people/list.ts';
import { agent, person } from './commands/people/noun.ts';
import { showPerson } from './commands/people/show.ts';
import { deactivatePerson, reactivatePerson } from './commands/people/standing.ts';
import { updatePerson } from './commands/people/update.ts';
import { search } from './commands/search.ts';
import { send } from './commands/send.ts';
import { tail } from './commands/tail.ts';
import { listSessions } from './commands/session/list.ts';
import { revokeSession } from './commands/session/revoke.ts';
import { hubBackup } from './commands/transfer/backup.ts';
import { hubExport } from './commands/transfer/export.ts';
import { hubImport } from './commands/transfer/import.ts';
import { hubRestore } from './commands/transfer/restore.ts';
import { createToken } from './commands/token/create.ts';
import { listTokens } from './commands/token/list.ts';
import {
  answerSlashCall,
  callSlashCommand,
  listSlashCalls,
  readSlashCall,
} from './commands/command/calls.ts';
import { createSlashCommand, deleteSlashCommand, listSlashCommands } from './commands/command/commands.ts';
import { turn } from './commands/turn.ts';
import { revokeToken } from './commands/token/revoke.ts';
import { createPerson } from './commands/user-create.ts';
import { listDeliveries, redeliver } from './commands/webhook/deliveries.ts';
import { createIncoming, createOutgoing, deleteWebhook, listWebhooks } from './commands/webhook/webhooks.ts';
import { whoami } from './commands/whoami.ts';

/** Every command, in the order of help. */
export const commands: readonly AnyCommand[] = [
  hubStart,
  hubStatus,
  hubLimits,
  hubMetrics,
  hubVerify,
  hubBackup,
  hubRestore,
  hubExport,
  hubImport,
  login,
  logout,
  whoami,
  send,
  announce,
  tail,
  turn,
  search,
  listFiles,
  putFile,
  getFile,
  deleteFile,
  listOwnFiles,
  fileRoom,
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
  muteMember,
  unmuteMember,
  slowChannel,
  freezeChannel,
  unfreezeChannel,
  channelRetention,
  listPeople(agent),
  showPerson(agent),
  createAgent,
  updatePerson(agent),
  codeOfPerson(agent),
  openCodes(agent),
  timeoutOf(agent),
  deactivatePerson(agent),
  reactivatePerson(agent),
  listPeople(person),
  showPerson(person),
  createPerson,
  updatePerson(person),
  codeOfPerson(person),
  openCodes(person),
  timeoutOf(person),
  deactivatePerson(person),
  reactivatePerson(person),
  listTokens,
  createToken,
  revokeToken,
  listSessions,
  revokeSession,
  createIncoming,
  createOutgoing,
  listWebhooks,
  deleteWebhook,
  listDeliveries,
  redeliver,
  createSlashCommand,
  listSlashCommands,
  deleteSlashCommand,
  callSlashCommand,
  readSlashCall,
  listSlashCalls,
  answerSlashCall,
  listAudit,
  exportAudit,
];
