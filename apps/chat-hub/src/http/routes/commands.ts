import { hashOf } from '../../access/secrets.ts';
import type { Answering } from '../../commands/answering.ts';
import type { CommandCalls } from '../../commands/calling.ts';
import type { Commands } from '../../commands/commands.ts';
import type { Handlers } from '../handler.ts';

type Names =
  | 'listCommands'
  | 'createCommand'
  | 'deleteCommand'
  | 'callCommand'
  | 'listCommandCalls'
  | 'readCommandCall'
  | 'answerCommandCall'
  | 'answerByAddress';

export interface CommandParts {
  readonly commands: {
    readonly table: Commands;
    readonly calls: CommandCalls;
    readonly answering: Answering;
  };
}

export function commandHandlers({
  commands: { table, calls, answering },
}: CommandParts): Pick<Handlers, Names> {
  return {
    listCommands: async ({ caller, params, signal }) => ({
      items: await table.list(caller, params.channelId, { signal }),
    }),
    createCommand: ({ caller, params, body, signal }) =>
      table.create(caller, params.channelId, body, { signal }),
    deleteCommand: ({ caller, params: { channelId, commandId }, signal }) =>
      table.delete(caller, channelId, commandId, { signal }),
    callCommand: ({ caller, params, body, signal }) => calls.call(caller, params.channelId, body, { signal }),
    listCommandCalls: async ({ caller, signal }) => ({ items: await calls.open(caller, { signal }) }),
    readCommandCall: ({ caller, params, signal }) => calls.read(caller, params.callId, { signal }),
    answerCommandCall: ({ caller: { userId }, params: { callId }, body, signal }) =>
      answering.answer({ callId, userId }, body, { signal }),
    answerByAddress: ({ params, body, signal }) =>
      answering.answer({ hash: hashOf(params.secret) }, body, { signal }),
  };
}
