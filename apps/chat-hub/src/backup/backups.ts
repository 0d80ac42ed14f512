import type { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { HubError } from '@parley/hub-protocol';
import { throwIfAborted, type Clock, type Logger } from '@parley/cache-core/kernel';
import type { Caller } from '../access/caller.ts';
import { noteAudit, type AuditAction } from '../audit/note.ts';
import type { Call } from '../chat/chat.ts';
import type { Tables } from '../database/tables.ts';
import { begun } from './begun.ts';
import { whileRead } from './while-read.ts';
import { removeCopies } from './snapshot.ts';
import { writeExport } from '../transfer/write-export.ts';
import { writeBackup, type BackupSource } from './write-backup.ts';

export interface BackupsOptions extends BackupSource {
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'warn'>;
  /** How long whoever reads may do nothing. @default 60,000 */
  readonly idleMs?: number | undefined;
}

type Write = (signal: AbortSignal) => AsyncGenerator<string>;

/** Takes everything along, for who owns the workspace, while the hub goes on. */
export class Backups {
  readonly #options: BackupsOptions;
  #busy = false;

  constructor(options: BackupsOptions) {
    this.#options = options;
  }

  /** @throws {HubError} when somebody may have neither a backup nor an export */
  admit({ role }: Caller): void {
    if (role !== 'owner')
      throw new HubError('FORBIDDEN', 'this takes everything along, and is for who owns the workspace');
  }

  /** A backup, packed. One at a time on a node: each of them reads all that there is. */
  async read(caller: Caller, call?: Call): Promise<Readable> {
    const write: Write = (signal) => writeBackup(this.#options, signal);
    const lines = await this.#begin(caller, 'backup.make', write, call);
    const packed = createGzip();
    lines.on('error', (error) => packed.destroy(error));
    packed.on('close', () => lines.destroy());
    return lines.pipe(packed);
  }

  /** What people wrote, and who they are, for other programs and other hubs. */
  export(caller: Caller, direct: boolean, call?: Call): Promise<Readable> {
    const write: Write = (signal) => writeExport(this.#options, direct, signal);
    return this.#begin(caller, 'workspace.export', write, call);
  }

  async #begin(caller: Caller, action: AuditAction, write: Write, { signal }: Call = {}): Promise<Readable> {
    this.admit(caller);
    if (this.#busy)
      throw new HubError('UNAVAILABLE', 'this node is at another backup', { retryAfter: 10_000 });
    this.#busy = true;
    const { tables, folder, clock, idleMs = 60_000, logger } = this.#options;
    const over = new AbortController();
    const lines = write(over.signal);
    // Another one may begin when nothing of this one is left, which may be after its reader has gone.
    const end = async (): Promise<void> => {
      over.abort();
      await lines.return(undefined).catch(() => undefined);
      this.#busy = false;
    };
    try {
      if (folder !== undefined) await removeCopies(folder);
      await noteAudit(tables.kysely<Tables>(), { action, actor: caller });
      const all = await begun(lines, clock);
      throwIfAborted(signal);
      const stream = whileRead(all, { clock, idleMs });
      stream.once('error', (error) => logger.warn({ error }, 'A backup was not finished'));
      stream.once('close', () => void end());
      return stream;
    } catch (error) {
      void end();
      throw error;
    }
  }
}
