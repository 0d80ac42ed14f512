import type { Contest } from './contest.ts';
import { plainServer, repeatedCheck, shortWindows, severalRules } from './limits.ts';
import { fencing, heldBeyondLease, lostReply } from './locks.ts';
import { loggedOut } from './sessions.ts';

export const contests: readonly Contest[] = [
  shortWindows,
  severalRules,
  repeatedCheck,
  plainServer,
  lostReply,
  heldBeyondLease,
  fencing,
  loggedOut,
];
