import type { MarkedOptions, Tokens } from 'marked';
import type { Known } from './known.ts';

/** The name that is written behind a sign: a sentence may end behind it. */
const written = /^[@#]([a-z0-9][a-z0-9._-]*)/iu;
const begins = /(?<![\p{L}\p{N}_@#./-])[@#][a-z0-9]/iu;
/** A sign within a word begins no name, wherever the text was cut before it. With a dot behind it, it may be an address of mail. */
const within = /^[\p{L}\p{N}_./-]+[@#][\p{L}\p{N}_-]+(?![\p{L}\p{N}_-]|\.[\p{L}\p{N}])/u;

/** A mention, or the name of a channel, as it is written. */
export interface NameToken {
  readonly type: 'name';
  readonly raw: string;
  /** Whose it is; undefined where it means many. */
  readonly user?: string;
  readonly channel?: string;
  /** Whether it means oneself, too. */
  readonly own?: boolean;
}

/** Reads mentions and channels, as far as they are known. */
export const namesExtension = (known: Known): NonNullable<MarkedOptions['extensions']> => ({
  renderers: {},
  childTokens: {},
  startInline: [(source) => begins.exec(source)?.index],
  inline: [(source) => wordOf(source) ?? nameOf(source, known)],
});

function wordOf(source: string): Tokens.Escape | undefined {
  const word = within.exec(source)?.[0];
  return word === undefined ? undefined : { type: 'escape', raw: word, text: word };
}

function nameOf(source: string, known: Known): NameToken | undefined {
  const name = written.exec(source)?.[1];
  if (name === undefined) return undefined;
  const find = source.startsWith('@') ? mention : channel;
  return find(name, known) ?? find(name.replace(/[._-]+$/u, ''), known);
}

function mention(name: string, { users, many, me, meAmong }: Known): NameToken | undefined {
  const word = name.toLowerCase();
  const user = users.get(word);
  const raw = `@${name}`;
  if (user !== undefined) return { type: 'name', raw, user, own: user === me };
  return many.has(word) ? { type: 'name', raw, own: meAmong(word) } : undefined;
}

function channel(name: string, known: Known): NameToken | undefined {
  const id = known.channel(name);
  return id === undefined ? undefined : { type: 'name', raw: `#${name}`, channel: id };
}
