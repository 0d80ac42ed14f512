import { encodeExactly, jsonCodec } from '../codec.ts';
import { InvalidArgument } from '../kernel/errors.ts';
import type { Schema } from '../kernel/schema.ts';
import { SessionDataInvalid } from './session-errors.ts';

/** Data as text and back. It is JSON, so that every tool can read it; what JSON would change is refused. */
export class DataCodec<Data> {
  readonly #schema: Schema<Data> | undefined;

  constructor(schema: Schema<Data> | undefined) {
    this.#schema = schema;
  }

  async encode(data: Data): Promise<string> {
    const value: unknown = this.#schema === undefined ? data : await this.#held(this.#schema, data);
    const { codec, payload } = encodeExactly(value);
    if (codec !== jsonCodec || typeof payload !== 'string' || typeof value !== 'object' || value === null)
      throw new InvalidArgument('data', 'an object that comes back from JSON as it was', data);
    return payload;
  }

  async decode(text: string): Promise<Data> {
    const value: Data = JSON.parse(text);
    if (this.#schema === undefined) return value;
    const result = await this.#schema['~standard'].validate(value);
    if (result.issues === undefined) return result.value;
    throw new SessionDataInvalid(wordsOf(result.issues));
  }

  async #held(schema: Schema<Data>, data: Data): Promise<Data> {
    const result = await schema['~standard'].validate(data);
    if (result.issues === undefined) return result.value;
    throw new InvalidArgument('data', `as the schema describes it (${wordsOf(result.issues)})`, data);
  }
}

const wordsOf = (issues: readonly { readonly message: string }[]): string =>
  issues
    .slice(0, 3)
    .map(({ message }) => message)
    .join('; ');
