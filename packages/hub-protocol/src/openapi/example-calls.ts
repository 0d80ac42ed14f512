import type { RouteName } from '../rest/routes.ts';
import { auditCallExamples, moderationCallExamples } from './example-admin-calls.ts';
import { accountCallExamples, userCallExamples } from './example-account-calls.ts';
import { backupCallExamples } from './example-backup-calls.ts';
import type { CallExamples } from './example-call.ts';
import {
  channelCallExamples,
  eventCallExamples,
  metaCallExamples,
  readingCallExamples,
  threadCallExamples,
} from './example-channel-calls.ts';
import { commandCallExamples } from './example-command-calls.ts';
import { fileCallExamples } from './example-file-calls.ts';
import { oversightCallExamples } from './example-oversight-calls.ts';
import { presenceCallExamples } from './example-presence-calls.ts';
import { messageCallExamples } from './example-message-calls.ts';
import { searchCallExamples } from './example-search-calls.ts';
import { webhookCallExamples } from './example-webhook-calls.ts';

/** A call of each route. */
export const callExamples: CallExamples<RouteName> = {
  ...accountCallExamples,
  ...userCallExamples,
  ...channelCallExamples,
  ...messageCallExamples,
  ...fileCallExamples,
  ...threadCallExamples,
  ...readingCallExamples,
  ...searchCallExamples,
  ...presenceCallExamples,
  ...eventCallExamples,
  ...moderationCallExamples,
  ...auditCallExamples,
  ...oversightCallExamples,
  ...webhookCallExamples,
  ...commandCallExamples,
  ...backupCallExamples,
  ...metaCallExamples,
};

type Values = Readonly<Record<string, string | number | boolean | undefined>>;
interface AnyExample {
  readonly params?: Values | undefined;
  readonly query?: Readonly<Record<string, Values[string] | readonly string[]>> | undefined;
  readonly body?: unknown;
  readonly reply?: unknown;
}

export function exampleOf(name: RouteName): AnyExample {
  return callExamples[name];
}
