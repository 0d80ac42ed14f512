/** A bare item of RFC 9651, as far as these fields may have one. */
type Bare =
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'integer'; readonly value: number }
  | { readonly type: 'bytes'; readonly value: Uint8Array };

export interface Item {
  readonly value: Bare;
  readonly parameters: ReadonlyMap<string, Bare>;
}

/** Reads a List of Items as strictly as a client may: what is no such list is an error, and the whole field is ignored. */
export function parseList(field: string): readonly Item[] {
  const reader = new Reader(field.replace(/^ +/, '').replace(/ +$/, ''));
  const items: Item[] = [];
  while (!reader.ended) {
    items.push(item(reader));
    reader.take(/[ \t]*/y);
    if (reader.ended) return items;
    reader.require(/,/y, 'a comma');
    reader.take(/[ \t]*/y);
    if (reader.ended) throw new SyntaxError('a comma at the end');
  }
  return items;
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get ended(): boolean {
    return this.#at === this.#text.length;
  }

  take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  require(pattern: RegExp, what: string): string {
    const found = this.take(pattern);
    if (found === undefined)
      throw new SyntaxError(`${what} was expected at ${this.#at} of ${JSON.stringify(this.#text)}`);
    return found;
  }
}

function item(reader: Reader): Item {
  const value = bare(reader);
  const parameters = new Map<string, Bare>();
  while (reader.take(/; */y) !== undefined) {
    const key = reader.require(/[a-z*][a-z0-9_\-.*]*/y, 'a key');
    if (parameters.has(key)) throw new SyntaxError(`${key} comes twice`);
    // A key without a value is true, which is none of these.
    reader.require(/=/y, 'a value');
    parameters.set(key, bare(reader));
  }
  return { value, parameters };
}

function bare(reader: Reader): Bare {
  const quoted = reader.take(/"(?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*"/y);
  if (quoted !== undefined)
    return { type: 'string', value: quoted.slice(1, -1).replaceAll(/\\(["\\])/g, '$1') };
  const encoded = reader.take(/:(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?:/y);
  if (encoded !== undefined)
    return { type: 'bytes', value: new Uint8Array(Buffer.from(encoded.slice(1, -1), 'base64')) };
  return { type: 'integer', value: Number(reader.require(/-?[0-9]{1,15}(?![0-9.])/y, 'a bare item')) };
}
