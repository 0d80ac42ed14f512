import type { RouteName } from '../rest/routes.ts';
import { accountCallExamples, userCallExamples } from './example-account-calls.ts';
import type { CallExamples } from './example-call.ts';
import {
  channelCallExamples,
  eventCallExamples,
  metaCallExamples,
  readingCallExamples,
  threadCallExamples,
} from './example-channel-calls.ts';
import { presenceCallExamples } from './example-presence-calls.ts';
import { messageCallExamples } from './example-message-calls.ts';

/** A call of each route. */
export const callExamples: CallExamples<RouteName> = {
  ...accountCallExamples,
  ...userCallExamples,
  ...channelCallExamples,
  ...messageCallExamples,
  ...threadCallExamples,
  ...readingCallExamples,
  ...presenceCallExamples,
  ...eventCallExamples,
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
