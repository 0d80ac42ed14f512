import type { PGlite, protocol as PgliteProtocol } from '@electric-sql/pglite';
import type { Column, Param, Result, Statement, TextRow } from './database.ts';

type Message = Awaited<ReturnType<PGlite['execProtocolStream']>>[number];

/** The protocol, spoken to a database in this process. One call at a time: whoever uses it takes care of that. */
export class PgliteWire {
  readonly #pg: PGlite;
  readonly #protocol: typeof PgliteProtocol;
  /** What is prepared, by name. */
  readonly #prepared = new Map<string, string>();

  constructor(pg: PGlite, protocol: typeof PgliteProtocol) {
    this.#pg = pg;
    this.#protocol = protocol;
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

  #send(parts: readonly Uint8Array[]): Promise<Message[]> {
    return this.#pg.execProtocolStream(Buffer.concat(parts), { throwOnError: false });
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
