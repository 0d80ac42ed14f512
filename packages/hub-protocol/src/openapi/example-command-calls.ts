import type { commandRoutes } from '../rest/command-routes.ts';
import type { Command, CommandAnswer, CommandCall } from '../values/command.ts';
import type { CallExamples } from './example-call.ts';
import { at, ids } from './example-values.ts';

const params = { channelId: ids.general };
const secret = 'q3Zk0m1rJ8uA5sTn9eHoPiQ3yEk6dDkVbYxk2jgLqvz';
const command: Command = {
  id: ids.command,
  channelId: ids.general,
  name: 'deploy',
  description: 'Brings what is on main to a place',
  userId: ids.architect,
  origin: 'https://ci.example.org',
  createdBy: ids.ada,
  createdAt: at,
};
const answer: CommandAnswer = {
  id: ids.commandAnswer,
  visibility: 'caller',
  content: 'On its way to staging.',
  messageId: null,
  createdAt: at + 400,
};
const call: CommandCall = {
  id: ids.commandCall,
  commandId: ids.command,
  channelId: ids.general,
  userId: ids.ada,
  name: command.name,
  text: 'staging',
  state: 'answered',
  error: null,
  answers: [answer],
  createdAt: at,
  expiresAt: at + 1_800_000,
};
const waiting: CommandCall = { ...call, state: 'working', answers: [] };
const body = { content: 'On its way to staging.' };

export const commandCallExamples: CallExamples<keyof typeof commandRoutes> = {
  listCommands: { params, reply: { items: [command] } },
  createCommand: {
    params,
    body: { name: command.name, description: command.description, url: 'https://ci.example.org/parley' },
    reply: { command, secret: 'whsec_…' },
  },
  deleteCommand: { params: { ...params, commandId: ids.command } },
  callCommand: { params, body: { clientId: 'c-1', text: '/deploy staging' }, reply: call },
  listCommandCalls: { reply: { items: [waiting] } },
  readCommandCall: { params: { callId: ids.commandCall }, reply: call },
  answerCommandCall: { params: { callId: ids.commandCall }, body, reply: answer },
  answerByAddress: { params: { secret }, body, reply: answer },
};
