import type { PGlite, protocol as PgliteProtocol } from '@electric-sql/pglite';
import { StoreUnavailable } from '@parley/cache-core/kernel';
import type { Column, Param, Result, Statement, TextRow } from './database.ts';
import { codeOf } from './errors.ts';

type Message = Awaited<ReturnType<PGlite['execProtocolStream']>>[number];

/** The protocol, spoken to a database in this process. One call at a time: whoever uses it takes care of that. */
export class PgliteWire {
  readonly #pg: PGlite;
  readonly #protocol: typeof PgliteProtocol;
  /** What is prepared, by name. */
  readonly #prepared = new Map<string, string>();
  #ended: StoreUnavailable | undefined;

  constructor(pg: PGlite, protocol: typeof PgliteProtocol) {
    this.#pg = pg;
    this.#protocol = protocol;
  }

  /** Why nothing can be asked any more. What was asked last may have been done or not. */
  get ended(): StoreUnavailable | undefined {
    return this.#ended;
  }

  async run({ text, name = '' }: Statement, params: readonly Param[]): Promise<Result> {
    const { serialize } = this.#protocol;
    const fresh = name === '' || this.#prepared.get(name) !== text;
    const messages = await this.#send([
      // Whatever stands under the name; no error where nothing does.
      ...(fresh && name !== '' ? [serialize.close({ type: 'S', name })] : []),
      ...(fresh ? [serialize.parse({ text, name })] : []),
      serialize.bind({ statement: name, values: params.map(toValue) }),
      serialize.describe({ type: 'P' }),
      serialize.execute({}),
      serialize.sync(),
    ]);
    if (name !== '' && messages.some((message) => message.name === 'parseComplete'))
      this.#prepared.set(name, text);
    const failure = this.#failureOf(messages);
    if (failure !== undefined) {
      // A table changed under the statement; it is prepared anew next time.
      this.#prepared.delete(name);
      throw failure;
    }
    return this.#toResult(messages);
  }

  async script(text: string): Promise<void> {
    const { serialize } = this.#protocol;
    const failure = this.#failureOf(await this.#send([serialize.query(text)]));
    if (failure !== undefined) throw failure;
  }

  async #send(parts: readonly Uint8Array[]): Promise<Message[]> {
    // Asked once more after it has given up, it would never come back, and neither would this thread.
    if (this.#ended !== undefined) throw this.#ended;
    const messages = await this.#pg
      .execProtocolStream(Buffer.concat(parts), { throwOnError: false })
      .catch((error: unknown) => {
        throw this.#end(error);
      });
    const { DatabaseError } = this.#protocol.messages;
    for (const message of messages) {
      if (message instanceof DatabaseError && /^(?:FATAL|PANIC)$/.test(message.severity ?? ''))
        throw this.#end(message);
    }
    return messages;
  }

  #end(cause: unknown): StoreUnavailable {
    const why = cause instanceof Error ? cause.message : String(cause);
    this.#ended ??= new StoreUnavailable(`the embedded Postgres has ended: ${why}`, {
      cause,
      evidence: { store: 'postgres', code: codeOf(cause) },
    });
    return this.#ended;
  }

  #failureOf(messages: readonly Message[]): Error | undefined {
    const { DatabaseError } = this.#protocol.messages;
    return messages.find((message) => message instanceof DatabaseError);
  }

  #toResult(messages: readonly Message[]): Result {
    const { CommandCompleteMessage, DataRowMessage, RowDescriptionMessage } = this.#protocol.messages;
    const rows: TextRow[] = [];
    let columns: Column[] = [];
    let tag: string[] = [];
    for (const message of messages) {
      if (message instanceof DataRowMessage) rows.push(message.fields);
      else if (message instanceof RowDescriptionMessage) {
        columns = message.fields.map((field) => ({ name: field.name, type: field.dataTypeID }));
      } else if (message instanceof CommandCompleteMessage) tag = message.text.split(' ');
    }
    // Such as "SELECT 2" and "INSERT 0 5"; other commands count nothing.
    const count = Number(tag.at(-1));
    return { rows, columns, command: tag[0] ?? '', count: Number.isNaN(count) ? 0 : count };
  }
}

function toValue(param: Param): string | Uint8Array | null {
  return typeof param === 'number' || typeof param === 'boolean' ? String(param) : param;
}
