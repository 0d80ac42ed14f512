import type { TokenizerAndRendererExtension } from 'marked';
import { escapeHtml } from './escape.ts';
import type { Known } from './known.ts';

/** The name that is written behind a sign: a sentence may end behind it. */
const written = /^[@#]([a-z0-9][a-z0-9._-]*)/iu;
const begins = /(?<![\p{L}\p{N}_@#./-])[@#][a-z0-9]/iu;
/** A sign within a word begins no name, wherever the text was cut before it. With a dot behind it, it may be an address of mail. */
const within = /^[\p{L}\p{N}_./-]+[@#][\p{L}\p{N}_-]+(?![\p{L}\p{N}_-]|\.[\p{L}\p{N}])/u;

interface Found {
  readonly raw: string;
  readonly html: string;
}

/** Mentions and channels, as far as they are known. */
export function namesExtension(known: () => Known): TokenizerAndRendererExtension {
  return {
    name: 'name',
    level: 'inline',
    start: (source) => begins.exec(source)?.index,
    tokenizer(source) {
      const word = within.exec(source)?.[0];
      if (word !== undefined) return { type: 'name', raw: word, html: escapeHtml(word) };
      const name = written.exec(source)?.[1];
      if (name === undefined) return undefined;
      const sign = source.charAt(0);
      for (const form of new Set([name, name.replace(/[._-]+$/u, '')])) {
        const found = sign === '@' ? mention(form, known()) : channel(form, known());
        if (found !== undefined) return { type: 'name', ...found };
      }
      return undefined;
    },
    renderer: ({ html }) => String(html),
  };
}

function mention(name: string, { users, many, me, meAmong }: Known): Found | undefined {
  const word = name.toLowerCase();
  const id = users.get(word);
  const raw = `@${name}`;
  if (id !== undefined) {
    const own = id === me ? ' own' : '';
    const html = `<button type="button" class="mention${own}" data-user="${escapeHtml(id)}">${escapeHtml(raw)}</button>`;
    return { raw, html };
  }
  if (!many.has(word)) return undefined;
  return { raw, html: `<span class="mention${meAmong(word) ? ' own' : ''}">${escapeHtml(raw)}</span>` };
}

function channel(name: string, known: Known): Found | undefined {
  const id = known.channel(name);
  if (id === undefined) return undefined;
  const raw = `#${name}`;
  return { raw, html: `<a class="channel-link" href="#/c/${encodeURIComponent(id)}">${escapeHtml(raw)}</a>` };
}
