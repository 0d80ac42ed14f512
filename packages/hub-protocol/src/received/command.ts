import type { Command, CommandAnswer, CommandCall } from '../values/command.ts';
import { commandCallStates, commandVisibilities } from '../values/words.ts';
import { count, list, object, text, word } from './reader.ts';
import { id, perhapsId, perhapsText } from './values.ts';

export const command = object<Command>({
  id,
  channelId: id,
  name: text,
  description: text,
  userId: id,
  origin: perhapsText,
  createdBy: id,
  createdAt: count,
});

export const commandAnswer = object<CommandAnswer>({
  id,
  visibility: word(commandVisibilities, 'caller'),
  content: perhapsText,
  messageId: perhapsId,
  createdAt: count,
});

export const commandCall = object<CommandCall>({
  id,
  commandId: id,
  channelId: id,
  userId: id,
  name: text,
  text,
  state: word(commandCallStates, 'working'),
  error: perhapsText,
  answers: list(commandAnswer),
  createdAt: count,
  expiresAt: count,
});
