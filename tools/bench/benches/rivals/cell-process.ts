import type { LibraryName } from '../cache/libraries/library.ts';
import type { CellRequest, CellReply } from './run-cell.ts';
import { Cell } from './scenario.ts';
import { scenarios } from './scenarios.ts';

process.on('message', ({ scenario: id, library, servers, prefix }: CellRequest) => {
  const cell = new Cell(library satisfies LibraryName, servers, prefix);
  const scenario = scenarios.find((one) => one.id === id);
  if (scenario === undefined) throw new Error(`no scenario is called ${id}`);
  scenario
    .run(cell)
    .then((outcome): CellReply => ({ outcome, options: cell.options }))
    .catch((error: unknown): CellReply => ({
      error: error instanceof Error ? error.message : String(error),
      options: cell.options,
    }))
    .then((reply) => process.send?.(reply))
    .catch(() => process.exit(1));
});

// The one who asks is gone; what was started here must not outlive it.
process.on('disconnect', () => process.kill(-process.pid, 'SIGKILL'));
