import DOMPurify from 'dompurify';
import { Marked } from 'marked';
import { escapeHtml } from './escape.ts';
import { isHarmless } from './guard.ts';
import type { Known } from './known.ts';
import { namesExtension } from './names.ts';
import { renderer } from './renderer.ts';

let known: Known | undefined;
const nobody: Known = {
  users: new Map(),
  many: new Set(),
  channel: () => undefined,
  me: undefined,
  meAmong: () => false,
};

const marked = new Marked({
  gfm: true,
  breaks: true,
  async: false,
  renderer,
  // Nothing is HTML here: it is read as the text that it is.
  tokenizer: {
    html: () => undefined,
    tag: () => undefined,
  },
  extensions: [namesExtension(() => known ?? nobody)],
});

const clean = {
  ALLOWED_TAGS:
    'a b blockquote br button code del div em hr i li ol p pre s span strong table tbody td th thead tr ul'.split(
      ' ',
    ),
  ALLOWED_ATTR: 'class data-level data-user dir href rel scope start tabindex target title type'.split(' '),
  // They hold no addresses.
  ADD_URI_SAFE_ATTR: 'data-level data-user dir rel scope start tabindex target type'.split(' '),
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  ALLOWED_URI_REGEXP: /^(?:https?:\/\/|mailto:|#\/c\/)/iu,
};

/** Markdown as HTML that can do nothing: first by how it is made, then by what is let through. */
export function renderMarkdown(text: string, names: Known): string {
  if (!isHarmless(text)) return asText(text);
  known = names;
  try {
    const html = marked.parse(text);
    return typeof html === 'string' ? DOMPurify.sanitize(html, clean) : asText(text);
  } catch {
    return asText(text);
  } finally {
    known = undefined;
  }
}

const asText = (text: string): string => `<p class="as-text" dir="auto">${escapeHtml(text)}</p>`;
