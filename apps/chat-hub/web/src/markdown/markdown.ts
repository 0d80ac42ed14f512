import { Lexer, Tokenizer } from 'marked';
import { createElement, Fragment, type ReactNode } from 'react';
import { elementsOf } from './elements.ts';
import { isHarmless } from './guard.ts';
import type { Known } from './known.ts';
import { namesExtension } from './names.ts';

// Nothing is HTML here: it is read as the text that it is.
const tokenizer = Object.assign(new Tokenizer(), { html: () => undefined, tag: () => undefined });

/** Markdown as elements. */
export function renderMarkdown(text: string, known: Known): ReactNode {
  if (!isHarmless(text)) return asText(text);
  try {
    const lexer = new Lexer({ gfm: true, breaks: true, tokenizer, extensions: namesExtension(known) });
    return createElement(Fragment, null, ...elementsOf(lexer.lex(text)));
  } catch {
    return asText(text);
  }
}

const asText = (text: string): ReactNode => createElement('p', { className: 'as-text', dir: 'auto' }, text);
