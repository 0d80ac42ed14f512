import { loadCommands } from './commands.ts';
import { suggestionsFor } from './suggest.ts';
import { findTrigger } from './trigger.ts';

/** All that it takes to propose names. It is loaded when somebody begins to write. */
export const suggesting = { findTrigger, suggestionsFor, loadCommands };

export type Suggesting = typeof suggesting;
