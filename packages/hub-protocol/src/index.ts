export { ChainCheck } from './audit/chain-check.ts';
export type { ChainFault } from './audit/chain-check.ts';
export { firstSeal, sealOf } from './audit/seal.ts';
export { channelAccess, frameAccess } from './access.ts';
export type { Access, ChannelAccess } from './access.ts';
export { checkReceived, checkSent } from './check.ts';
export { afterClose, closeCodes } from './close-codes.ts';
export type { CloseReason } from './close-codes.ts';
export { errorCodes, errorKinds, isErrorCode } from './error-codes.ts';
export type { ErrorCode } from './error-codes.ts';
export { codeOfStatus, HubError, isHubError } from './errors.ts';
export type { HubErrorOptions } from './errors.ts';
export { agentAddress, channelAddress, globalAddress, readAddress } from './events/addresses.ts';
export type { Address } from './events/addresses.ts';
export { eventInfo, isKept } from './events/event-info.ts';
export type { EventInfo } from './events/event-info.ts';
export { envelopeSchema, hubEventSchema } from './events/event.ts';
export type { Envelope, EventOf, EventType, HubEvent, UnknownEvent } from './events/event.ts';
export { parseEvent, readEnvelopeSchema } from './events/parse-event.ts';
export { clientFrameSchemas } from './frames/client-frames.ts';
export type { ClientFrame, ClientFrameOf, ClientFrameType } from './frames/client-frames.ts';
export { joinFrames, linesOf } from './frames/lines.ts';
export { parseClientFrame, parseClientFrames } from './frames/parse-client.ts';
export type { ClientFrameResult } from './frames/parse-client.ts';
export { parseEnvelope, parseServerFrames } from './frames/parse-server.ts';
export { serverFrameSchemas } from './frames/server-frames.ts';
export type {
  EventFrame,
  ReadFrame,
  ServerFrame,
  ServerFrameOf,
  ServerFrameType,
  UnknownFrame,
} from './frames/server-frames.ts';
export { epochSchema, idSchema, seqSchema } from './ids.ts';
export { emojiSchema, channelNameSchema, handleSchema } from './names.ts';
export { contentSchema, dataSchema } from './text.ts';
export { limits } from './limits.ts';
export { reservedHandles } from './reserved-handles.ts';
export { problemSchema } from './problem-schema.ts';
export type { Problem } from './problem-schema.ts';
export { errorTitles, toProblem } from './problem.ts';
export { auditRecord as auditRecordReader } from './received/audit.ts';
export { problem as problemReader } from './received/values.ts';
export { readReceived } from './received/reader.ts';
export type { Reader } from './received/reader.ts';
export { effectiveScopes, outranks, roles, scopeMeanings, scopes, scopesOfRole } from './roles.ts';
export type { Role, Scope } from './roles.ts';
export { commandAnswerSchema, commandCallSchema, commandSchema } from './values/command.ts';
export type { Command, CommandAnswer, CommandCall } from './values/command.ts';
export { auditEntrySchema, auditHeadSchema, auditRecordSchema } from './values/audit.ts';
export type { AuditEntry, AuditHead, AuditRecord } from './values/audit.ts';
export { channelSchema, levelSchema, memberSchema, readingSchema } from './values/channel.ts';
export type { Channel, Member, Reading } from './values/channel.ts';
export { fileNameSchema } from './file-name.ts';
export { fileRoomSchema, fileSchema } from './values/file.ts';
export type { File, FileRoom } from './values/file.ts';
export { editSchema, messageSchema, threadSchema } from './values/message.ts';
export type { Edit, Mentions, Message, Reaction, Thread } from './values/message.ts';
export { retentionRuleSchema } from './values/retention.ts';
export type { RetentionRule } from './values/retention.ts';
export { importReportSchema } from './values/import.ts';
export type { ImportReport } from './values/import.ts';
export { limitFiguresSchema } from './values/limit-figures.ts';
export type { LimitFigures } from './values/limit-figures.ts';
export { foundSchema } from './values/search.ts';
export type { Found } from './values/search.ts';
export { sessionSchema } from './values/session.ts';
export type { Session } from './values/session.ts';
export { tokenSchema } from './values/token.ts';
export type { Token } from './values/token.ts';
export { agentSchema, presenceSchema, rosterSchema, statusSchema, typistSchema } from './values/presence.ts';
export type { Agent, Presence, Roster, Status, Typist } from './values/presence.ts';
export { userSchema } from './values/user.ts';
export type { User } from './values/user.ts';
export type { WebhookEntry } from './values/webhook-entry.ts';
export { deliverySchema, incomingWebhookSchema, webhookSchema } from './values/webhook.ts';
export type { Delivery, IncomingWebhook, Webhook } from './values/webhook.ts';
export {
  activities,
  announcementLevels,
  availabilities,
  channelKinds,
  fileStates,
  goodbyeReasons,
  leaveReasons,
  messageKinds,
  notificationLevels,
  presenceStatuses,
  resyncReasons,
  sentKinds,
  streamingStates,
  typingStates,
  userKinds,
} from './values/words.ts';
export type { ChannelKind, MessageKind, NotificationLevel, UserKind } from './values/words.ts';
export { version } from './version.ts';
