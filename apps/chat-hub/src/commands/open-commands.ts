import type { ApplicationTables } from '@parley/runtime';
import { Answering, type AnsweringOptions } from './answering.ts';
import { CommandCalls, type CallingOptions } from './calling.ts';
import { Commands } from './commands.ts';

type Options = AnsweringOptions & Omit<CallingOptions, 'answering'> & { readonly tables: ApplicationTables };

export interface OpenCommands {
  readonly table: Commands;
  readonly calls: CommandCalls;
  readonly answering: Answering;
}

export function openCommands(options: Options): OpenCommands {
  const answering = new Answering(options);
  return {
    table: new Commands(options.tables),
    calls: new CommandCalls({ ...options, answering }),
    answering,
  };
}
