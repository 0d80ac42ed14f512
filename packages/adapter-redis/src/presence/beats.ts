import type { Beat } from '@parley/presence';
import { asList } from '../lane.ts';
import type { Answer } from './answers.ts';

/** What `lua/presence/beat.lua` replied in each partition. That a lease is over in one of them is to be known also while others are away. */
export function beatOf(answers: readonly Answer[]): Beat {
  const told = answers.map((answer) => ('value' in answer ? asList(answer.value).map(String) : undefined));
  const held = told.every((reply) => reply === undefined || reply[0] === '1');
  const failed = answers.find((answer) => 'failure' in answer);
  if (held && failed !== undefined) throw failed.failure;
  return { held, epoch: told.map((reply) => reply?.[1] ?? '').join(' ') };
}
