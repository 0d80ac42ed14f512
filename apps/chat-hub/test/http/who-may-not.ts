import type { RouteName } from '@parley/hub-protocol/rest';

/**
 * Who asks. All have every scope that their role in the workspace allows. `stranger`: a member of the workspace who is not in the private channel.
 * `observer` and `member`: in it, with this role. `admin`: of the workspace, and not in the channel.
 */
export const askers = ['stranger', 'observer', 'member', 'admin'] as const;
export type Asker = (typeof askers)[number];

/** With what who may not is refused. Who is not named may. */
export type Line = Readonly<Partial<Record<Asker, 'FORBIDDEN' | 'INVALID' | 'NOT_FOUND'>>>;

const everybody: Line = {};
/** It is about the caller alone, or anything else that is their own. */
const oneself: Line = {};
const readers: Line = { stranger: 'NOT_FOUND', admin: 'NOT_FOUND' };
const writers: Line = { ...readers, observer: 'FORBIDDEN' };
/** Who manages the channel, or whose it is. */
const managers: Line = { ...writers, member: 'FORBIDDEN' };
const admins: Line = { stranger: 'FORBIDDEN', observer: 'FORBIDDEN', member: 'FORBIDDEN' };
/** To somebody who owns the workspace, or with all of it. */
const owners: Line = { ...admins, admin: 'FORBIDDEN' };
/** To others this is not there. */
const nobodyElse: Line = {
  stranger: 'NOT_FOUND',
  observer: 'NOT_FOUND',
  member: 'NOT_FOUND',
  admin: 'NOT_FOUND',
};

/** Who may not do what, to things of a private channel, and to somebody who owns the workspace. Each route has its line. */
export const whoMayNot: Readonly<Record<RouteName, Line>> = {
  addReaction: writers,
  announce: admins,
  answerByAddress: everybody,
  answerCommandCall: nobodyElse,
  archiveChannel: managers,
  callCommand: writers,
  changePassword: oneself,
  checkAudit: admins,
  clearStatus: oneself,
  createChannel: everybody,
  createCommand: managers,
  createFile: writers,
  createIncomingWebhook: managers,
  createSession: everybody,
  createSetupCode: owners,
  createToken: owners,
  createUser: owners,
  createWebhook: managers,
  deactivateUser: owners,
  deleteChannel: managers,
  deleteCommand: managers,
  deleteFile: managers,
  deleteIncomingWebhook: managers,
  deleteMember: managers,
  deleteMessage: managers,
  deleteSession: oneself,
  deleteSetupCode: owners,
  deleteWebhook: managers,
  downloadFile: readers,
  editMessage: managers,
  endTimeout: owners,
  finishFile: managers,
  finishMessage: managers,
  followThread: readers,
  freezeChannel: managers,
  importLines: owners,
  joinChannel: readers,
  leaveChannel: readers,
  listAgents: everybody,
  listAllWebhooks: admins,
  listAudit: admins,
  listChannels: everybody,
  listCommandCalls: oneself,
  listCommands: readers,
  listDeliveries: managers,
  listEdits: readers,
  listFiles: readers,
  listIncomingWebhooks: managers,
  listMembers: readers,
  listMessages: readers,
  listOwnFiles: oneself,
  listPins: readers,
  listPresences: everybody,
  listSessions: oneself,
  listSetupCodes: admins,
  listTokens: owners,
  listTurn: readers,
  listUnreads: oneself,
  listUserSessions: owners,
  listUsers: everybody,
  listWebhooks: managers,
  markRead: readers,
  muteMember: managers,
  openDirect: everybody,
  pinMessage: writers,
  postByWebhook: everybody,
  postCollaboration: writers,
  postCustom: everybody,
  previewFile: readers,
  putMember: managers,
  reactivateUser: owners,
  readAuditChain: admins,
  readAvatar: everybody,
  readBackup: owners,
  readChannel: readers,
  readCommandCall: { stranger: 'NOT_FOUND', observer: 'NOT_FOUND', admin: 'NOT_FOUND' },
  readExport: owners,
  readFile: readers,
  readFileRoom: oneself,
  readLimits: admins,
  readLog: readers,
  readMe: oneself,
  readMessage: readers,
  readOpenApi: everybody,
  readRetention: { ...admins, admin: 'NOT_FOUND' },
  readRoster: readers,
  readSession: oneself,
  readStatus: oneself,
  readThread: readers,
  readUser: everybody,
  redeemSetupCode: everybody,
  redeliver: managers,
  removeReaction: writers,
  revokeOtherSessions: oneself,
  revokeSession: nobodyElse,
  revokeToken: nobodyElse,
  revokeUserSession: owners,
  revokeUserSessions: owners,
  revokeUserTokens: owners,
  // As with a name that no channel has.
  searchMessages: { stranger: 'INVALID', admin: 'INVALID' },
  sendMessage: writers,
  setDefaultNotifications: oneself,
  setNotifications: readers,
  setRetention: { ...admins, admin: 'NOT_FOUND' },
  setSlowMode: managers,
  setStatus: oneself,
  setTyping: writers,
  timeOutUser: owners,
  unarchiveChannel: managers,
  unfollowThread: readers,
  unfreezeChannel: managers,
  unmuteMember: managers,
  unpinMessage: writers,
  updateChannel: managers,
  updateMe: oneself,
  updateUser: owners,
  writeFile: managers,
};
