/** Words of the protocol, apart from the schemas: clients carry them without these. */

export const userKinds = ['person', 'agent'] as const;
export type UserKind = (typeof userKinds)[number];

/** How others see a user. */
export const presenceStatuses = ['online', 'away', 'dnd', 'offline'] as const;
/** What a connection says of its user. */
export const activities = ['online', 'away'] as const;
/** How a user wants to be seen, whatever their connections say; `invisible` as if they were not there. */
export const availabilities = ['online', 'away', 'dnd', 'invisible'] as const;

export const channelKinds = ['public', 'private', 'direct', 'group'] as const;
export type ChannelKind = (typeof channelKinds)[number];

/** What an agent or a person may send. */
export const sentKinds = ['message', 'thought', 'action'] as const;
export const messageKinds = [...sentKinds, 'system'] as const;
export type MessageKind = (typeof messageKinds)[number];

/** Of what a user wants to be told in a channel. */
export const notificationLevels = ['all', 'mentions', 'muted'] as const;
export type NotificationLevel = (typeof notificationLevels)[number];

export const fileStates = ['uploading', 'ready'] as const;

export const streamingStates = ['none', 'open', 'done', 'cut'] as const;

export const typingStates = ['start', 'stop'] as const;
export const leaveReasons = ['left', 'kicked', 'deactivated'] as const;
export const deliveryStates = ['waiting', 'delivered', 'dead'] as const;
/** `working`: no answer yet, and one may come. `expired`: none came. */
export const commandCallStates = ['working', 'answered', 'failed', 'expired'] as const;
export const commandVisibilities = ['caller', 'channel'] as const;
/** `in`: others write to a channel. `out`: others are told of it. */
export const webhookWays = ['in', 'out'] as const;
export const announcementLevels = ['info', 'warning', 'critical'] as const;

export const resumeStates = ['live', 'resync'] as const;
export const resyncReasons = ['epoch', 'gap', 'ahead'] as const;
export const goodbyeReasons = ['drain', 'revoked', 'slow', 'other'] as const;
