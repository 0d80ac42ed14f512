import type { RendererObject, Tokens } from 'marked';
import { escapeHtml, safeAddress } from './escape.ts';

/**
 * How Markdown becomes HTML here. What is written as HTML is shown as it is written, pictures are links, and each block finds out by itself
 * whether it is read from the left or from the right.
 */
export const renderer: RendererObject = {
  html: ({ text }) => escapeHtml(text),
  heading({ tokens, depth }) {
    return `<p class="md-heading" data-level="${depth}" dir="auto">${this.parser.parseInline(tokens)}</p>`;
  },
  paragraph({ tokens }) {
    return `<p dir="auto">${this.parser.parseInline(tokens)}</p>`;
  },
  blockquote({ tokens }) {
    return `<blockquote dir="auto">${this.parser.parse(tokens)}</blockquote>`;
  },
  list({ ordered, start, items }) {
    const body = items.map((item) => this.listitem(item)).join('');
    if (!ordered) return `<ul>${body}</ul>`;
    return `<ol${typeof start === 'number' && start !== 1 ? ` start="${start}"` : ''}>${body}</ol>`;
  },
  listitem({ task, checked, tokens }) {
    const mark = task ? `<span class="task">${checked === true ? '☑' : '☐'}</span> ` : '';
    return `<li dir="auto"${task ? ' class="task-item"' : ''}>${mark}${this.parser.parse(tokens)}</li>`;
  },
  checkbox: () => '',
  code({ text, lang }) {
    const language = (lang ?? '').trim().split(/\s/u)[0] ?? '';
    const named = language === '' ? 'Code' : escapeHtml(language.slice(0, 30));
    const head = `<span>${named}</span><button type="button" class="code-copy">Copy</button>`;
    return `<div class="code-block" dir="ltr"><div class="code-head">${head}</div><pre tabindex="0"><code>${escapeHtml(text)}</code></pre></div>`;
  },
  codespan: ({ text }) => `<code dir="ltr">${escapeHtml(text)}</code>`,
  table({ header, rows }) {
    const row = (cells: readonly Tokens.TableCell[]): string =>
      `<tr>${cells.map((cell) => this.tablecell(cell)).join('')}</tr>`;
    const body = rows.length === 0 ? '' : `<tbody>${rows.map(row).join('')}</tbody>`;
    return `<div class="md-table" tabindex="0"><table><thead>${row(header)}</thead>${body}</table></div>`;
  },
  tablecell({ tokens, header }) {
    const content = this.parser.parseInline(tokens);
    return header ? `<th scope="col" dir="auto">${content}</th>` : `<td dir="auto">${content}</td>`;
  },
  link({ href, tokens }) {
    return linkTo(href, this.parser.parseInline(tokens));
  },
  image: ({ href, text }) => linkTo(href, escapeHtml(text === '' ? href : text)),
};

/** What may not be followed stays text. One of this workspace opens in place. */
function linkTo(href: string, content: string): string {
  const address = safeAddress(href);
  if (address === undefined) return content;
  const target = escapeHtml(address.href);
  if (address.origin === location.origin) return `<a href="${target}">${content}</a>`;
  return `<a href="${target}" title="${target}" target="_blank" rel="noopener noreferrer">${content}</a>`;
}
