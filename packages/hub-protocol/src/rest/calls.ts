import { accountCalls } from './account-calls.ts';
import { channelCalls } from './channel-calls.ts';
import { eventCalls } from './event-calls.ts';
import { messageCalls } from './message-calls.ts';
import { presenceCalls } from './presence-calls.ts';
import { readingCalls, threadCalls } from './reading-calls.ts';
import { searchCalls } from './search-calls.ts';
import { userCalls } from './user-calls.ts';

/**
 * Routes by their names, as a client needs them: without the schemas of what is sent, which the hub checks. Those of files and of administrators are
 * apart, since not every client carries them.
 */
export const calls = {
  ...accountCalls,
  ...userCalls,
  ...channelCalls,
  ...messageCalls,
  ...threadCalls,
  ...readingCalls,
  ...searchCalls,
  ...presenceCalls,
  ...eventCalls,
};
