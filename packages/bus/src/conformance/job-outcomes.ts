import type { JobOutcome, Outcome } from '../job-store.ts';
import { newChannel } from './broker-harness.ts';

export const newQueue = (): string => newChannel('workers');
export const outcomeOf = (
  queue: string,
  id: string | undefined,
  token: string,
  outcome: Outcome,
): JobOutcome => ({
  queue,
  id: id ?? '',
  token,
  ...outcome,
});
export const done: Outcome = { outcome: 'done' };
export const dead: Outcome = { outcome: 'dead', reason: 'it was refused' };
