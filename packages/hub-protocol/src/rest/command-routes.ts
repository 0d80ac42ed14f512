import * as z from 'zod/mini';
import { idSchema } from '../ids.ts';
import { limits } from '../limits.ts';
import { oneOf, received, sent } from '../modes.ts';
import { clientIdSchema, commandNameSchema } from '../names.ts';
import { contentSchema, text } from '../text.ts';
import { commandAnswerSchema, commandCallSchema, commandSchema } from '../values/command.ts';
import { commandVisibilities } from '../values/words.ts';
import { commandCalls } from './command-calls.ts';
import { ofChannel } from './fields.ts';
import type { Route } from './route.ts';
import { addressSchema, hookSecretSchema } from './webhook-fields.ts';

const ofCall = sent({ callId: idSchema });

const answer = {
  content: contentSchema,
  /** @default `caller` */
  visibility: z.optional(oneOf(commandVisibilities)),
  /** Sent again with the same one, it is one answer. */
  clientId: z.optional(clientIdSchema),
};

export const commandRoutes = {
  listCommands: {
    ...commandCalls.listCommands,
    reply: received({ items: z.array(commandSchema) }),
    summary: 'The commands of a channel: what may be typed there as `/name text`',
    auth: 'any',
    scope: 'read',
    channel: 'see',
    params: ofChannel,
    status: 200,
  },
  createCommand: {
    ...commandCalls.createCommand,
    reply: received({
      command: commandSchema,
      /** What is posted is signed with it. Told this once, and only where something is posted. */
      secret: z.optional(z.string()),
    }),
    summary:
      'Make a command: as agent one that it answers itself; with `url`, as who manages the channel, one that is posted there',
    auth: 'any',
    scope: 'write',
    channel: 'post',
    params: ofChannel,
    body: sent({
      name: commandNameSchema,
      description: z.optional(text(limits.topic)),
      url: z.optional(addressSchema),
      /** In whose name it answers, with `url`: oneself, an own agent or, as administrator, anybody below. Without it, oneself. */
      userId: z.optional(idSchema),
    }),
    status: 201,
    errors: ['ARCHIVED', 'LIMIT_REACHED', 'NAME_TAKEN'],
  },
  deleteCommand: {
    ...commandCalls.deleteCommand,
    summary: 'End a command: for whose it is, and who manages the channel',
    auth: 'any',
    scope: 'write',
    channel: 'post',
    params: sent({ channelId: idSchema, commandId: idSchema }),
    status: 204,
  },
  callCommand: {
    ...commandCalls.callCommand,
    reply: commandCallSchema,
    summary:
      'Type a command. Answered within seconds with what was answered, or that it is still being worked on',
    auth: 'any',
    scope: 'write',
    channel: 'post',
    params: ofChannel,
    body: sent({
      clientId: clientIdSchema,
      /** As it was typed: `/name`, and what stands behind it. */
      text: text(limits.commandText, 2),
    }),
    status: 200,
    errors: ['ARCHIVED', 'COMMAND_UNKNOWN', 'CLIENT_ID_REUSED'],
  },
  listCommandCalls: {
    ...commandCalls.listCommandCalls,
    reply: received({ items: z.array(commandCallSchema) }),
    summary: 'What was typed for the caller to answer, and nobody has answered yet, the oldest first',
    auth: 'any',
    scope: 'read',
    status: 200,
  },
  readCommandCall: {
    ...commandCalls.readCommandCall,
    reply: commandCallSchema,
    summary: 'What became of a command: for who typed it',
    auth: 'any',
    scope: 'read',
    params: ofCall,
    status: 200,
  },
  answerCommandCall: {
    ...commandCalls.answerCommandCall,
    reply: commandAnswerSchema,
    summary: 'Answer a command that is the caller’s to answer',
    auth: 'any',
    scope: 'write',
    params: ofCall,
    body: sent(answer),
    status: 201,
    errors: ['ARCHIVED', 'LIMIT_REACHED'],
  },
  answerByAddress: {
    ...commandCalls.answerByAddress,
    reply: commandAnswerSchema,
    summary: 'Answer a command by the address that was posted with it',
    auth: 'public',
    scope: null,
    params: sent({ secret: hookSecretSchema }),
    body: sent(answer),
    status: 201,
    errors: ['FORBIDDEN', 'ARCHIVED', 'LIMIT_REACHED'],
  },
} as const satisfies Record<string, Route>;
