import { accountCalls } from './account-calls.ts';
import { channelCalls } from './channel-calls.ts';
import { eventCalls, metaCalls } from './event-calls.ts';
import { messageCalls } from './message-calls.ts';
import { presenceCalls } from './presence-calls.ts';
import { readingCalls, threadCalls } from './reading-calls.ts';
import { userCalls } from './user-calls.ts';

/** What the path of each route is appended to. */
export const restPrefix = '/api/v1';

/** Every route by its name, as a client needs it: without the schemas of what is sent, which the hub checks. */
export const calls = {
  ...accountCalls,
  ...userCalls,
  ...channelCalls,
  ...messageCalls,
  ...threadCalls,
  ...readingCalls,
  ...presenceCalls,
  ...eventCalls,
  ...metaCalls,
};
