import { HubError, isHubError, type ImportReport } from '@parley/hub-protocol';
import { isParleyError, throwIfAborted, type ParleyError } from '@parley/cache-core/kernel';
import type { Caller } from '../access/caller.ts';
import { noteAudit } from '../audit/note.ts';
import type { ChatCore } from '../chat/core.ts';
import type { Tables } from '../database/tables.ts';
import { importChannel, importMember } from './import-channel.ts';
import { importMessages } from './import-messages.ts';
import { importUser } from './import-user.ts';
import { recordIn, type ImportedMessage, type ImportRecord } from './records.ts';

export interface Imports {
  /** Takes lines of an export in, in their order. Those that cannot be are told, and the others taken. */
  readonly take: (
    caller: Caller,
    source: string,
    lines: Uint8Array,
    signal?: AbortSignal,
  ) => Promise<ImportReport>;
}

/** As many as one transaction should have. */
const messagesAtOnce = 200;
const mostLines = 2_000;

export function createImports(core: ChatCore): Imports {
  return {
    async take(caller, source, lines, signal) {
      if (caller.role !== 'owner')
        throw new HubError('FORBIDDEN', 'what others wrote is imported by who owns the workspace');
      const texts = Buffer.from(lines).toString('utf8').split('\n');
      if (texts.at(-1) === '') texts.pop();
      if (texts.length > mostLines)
        throw new HubError('TOO_LARGE', `at most ${mostLines} lines are taken at once`);
      const report = await new Batch(core, caller, source).take(texts, signal);
      const details = { source, added: report.added, known: report.known, refused: report.refused.length };
      await noteAudit(core.tables.kysely<Tables>(), { action: 'workspace.import', actor: caller, details });
      return report;
    },
  };
}

interface Waiting {
  readonly line: number;
  readonly message: ImportedMessage;
}

class Batch {
  readonly #core: ChatCore;
  readonly #caller: Caller;
  readonly #source: string;
  readonly #refused: { line: number; reason: string }[] = [];
  #added = 0;
  #known = 0;
  #waiting: Waiting[] = [];

  constructor(core: ChatCore, caller: Caller, source: string) {
    this.#core = core;
    this.#caller = caller;
    this.#source = source;
  }

  async take(texts: readonly string[], signal: AbortSignal | undefined): Promise<ImportReport> {
    for (const [i, text] of texts.entries()) {
      throwIfAborted(signal);
      const line = i + 1;
      if (text.trim() === '') continue;
      let record: ImportRecord;
      try {
        record = recordIn(text);
      } catch (error) {
        this.#refuse(line, error);
        continue;
      }
      if (record.what === 'message') await this.#wait({ line, message: record.message });
      else await this.#flush();
      if (record.what !== 'message' && record.what !== 'frame') await this.#one(line, record);
    }
    await this.#flush();
    const refused = this.#refused.toSorted((a, b) => a.line - b.line);
    return { added: this.#added, known: this.#known, refused };
  }

  async #one(line: number, record: Exclude<ImportRecord, { what: 'message' | 'frame' }>): Promise<void> {
    try {
      const isNew = await this.#add(record);
      if (isNew) this.#added += 1;
      else this.#known += 1;
    } catch (error) {
      this.#refuse(line, error);
    }
  }

  #add(record: Exclude<ImportRecord, { what: 'message' | 'frame' }>): Promise<boolean> {
    const { what } = record;
    if (what === 'user') return importUser(this.#core, this.#caller, this.#source, record.user);
    if (what === 'channel') return importChannel(this.#core, this.#caller, this.#source, record.channel);
    return importMember(this.#core, this.#caller, this.#source, record.member);
  }

  async #wait(one: Waiting): Promise<void> {
    const isOther =
      this.#waiting[0] !== undefined && this.#waiting[0].message.channelId !== one.message.channelId;
    if (isOther || this.#waiting.length >= messagesAtOnce) await this.#flush();
    this.#waiting.push(one);
  }

  async #flush(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = [];
    await this.#together(waiting);
  }

  /** In one transaction; where one of them cannot be taken, the others are, in their order. */
  async #together(waiting: readonly Waiting[]): Promise<void> {
    if (waiting.length === 0) return;
    const messages = waiting.map(({ message }) => message);
    try {
      const outcome = await importMessages(this.#core, this.#caller, this.#source, messages);
      this.#added += outcome.added;
      this.#known += outcome.known;
      for (const [nth, reason] of outcome.refused) this.#refuse(waiting[nth]?.line ?? 0, new Error(reason));
    } catch (error) {
      const half = Math.ceil(waiting.length / 2);
      if (waiting.length === 1 || isOfHub(error)) return this.#refuse(waiting[0]?.line ?? 0, error);
      await this.#together(waiting.slice(0, half));
      await this.#together(waiting.slice(half));
    }
  }

  /** What is wrong with a line is told; what is wrong with the hub ends the request, and the same lines are sent again. */
  #refuse(line: number, error: unknown): void {
    if (isOfHub(error) || !(error instanceof Error)) throw error;
    this.#refused.push({ line, reason: error.message });
  }
}

function isOfHub(error: unknown): boolean {
  return isParleyError(error) && !isOfValue(error) && (!isHubError(error) || error.retryable);
}

/** What the database says of a value that it does not take, or that contradicts another one: sent again, it would say the same. */
function isOfValue(error: ParleyError): boolean {
  return isParleyError(error, 'STORE_FAULT') && /^2[23]/.test(String(error.evidence['code']));
}
