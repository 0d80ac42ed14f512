import { command, commandAnswer, commandCall } from '../received/command.ts';
import { list, object, optional, text } from '../received/reader.ts';
import type { Call } from './call.ts';

export const commandCalls = {
  listCommands: {
    method: 'GET',
    path: '/channels/{channelId}/commands',
    reply: object({ items: list(command) }),
  },
  createCommand: {
    method: 'POST',
    path: '/channels/{channelId}/commands',
    reply: object<{ command: ReturnType<typeof command>; secret: string | undefined }>({
      command,
      secret: optional(text),
    }),
  },
  deleteCommand: {
    method: 'DELETE',
    path: '/channels/{channelId}/commands/{commandId}',
  },
  callCommand: {
    method: 'POST',
    path: '/channels/{channelId}/command-calls',
    reply: commandCall,
  },
  listCommandCalls: {
    method: 'GET',
    path: '/command-calls',
    reply: object({ items: list(commandCall) }),
  },
  readCommandCall: {
    method: 'GET',
    path: '/command-calls/{callId}',
    reply: commandCall,
  },
  answerCommandCall: {
    method: 'POST',
    path: '/command-calls/{callId}/answers',
    reply: commandAnswer,
  },
  answerByAddress: {
    method: 'POST',
    path: '/command-answers/{secret}',
    reply: commandAnswer,
  },
} as const satisfies Record<string, Call>;
