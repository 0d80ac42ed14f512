import type { CellReply, CellRequest } from '../run-cell.ts';
import { contests } from './contests.ts';

process.on('message', ({ scenario: id, library, servers, prefix }: CellRequest<string>) => {
  const contestant = contests.find((one) => one.id === id)?.contestants[library];
  if (contestant === undefined) throw new Error(`${library} is not in the contest ${id}`);
  contestant({ redis: servers.redis, prefix })
    .then((outcome): CellReply => ({ outcome, options: [] }))
    .catch((error: unknown): CellReply => ({
      error: error instanceof Error ? error.message : String(error),
      options: [],
    }))
    .then((reply) => process.send?.(reply))
    .catch(() => process.exit(1));
});

// The one who asks is gone; what was started here must not outlive it.
process.on('disconnect', () => process.kill(-process.pid, 'SIGKILL'));
