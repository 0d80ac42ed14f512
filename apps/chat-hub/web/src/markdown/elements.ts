import type { MarkedToken, Token, Tokens } from 'marked';
import { createElement as make, type ReactNode } from 'react';
import { safeAddress } from './address.ts';
import { withCharacters } from './characters.ts';
import type { NameToken } from './names.ts';

type Seen = Exclude<MarkedToken, { type: 'checkbox' | 'def' | 'list_item' | 'space' }> | NameToken;

/** Boxes to tick stand before their items; the others say nothing by themselves. */
const unseen = new Set(['checkbox', 'def', 'list_item', 'space']);
const isSeen = (token: Token): token is Seen => !unseen.has(token.type);

const auto = { dir: 'auto' };

/**
 * What Markdown says, as elements. These are all that there are: no text ever becomes an element, and nothing that is written becomes more than
 * a text, a number or an address of one. What is written as HTML is shown as it is written, pictures are links, and each block finds out by
 * itself whether it is read from the left or from the right.
 *
 * @param linked whether they stand in a link: there is no other in it, and nothing else to click
 */
export const elementsOf = (tokens: readonly Token[], linked = false): ReactNode[] =>
  tokens.filter(isSeen).flatMap((token) => elementOf(token, linked));

function elementOf(token: Seen, linked: boolean): ReactNode | ReactNode[] {
  switch (token.type) {
    case 'heading': {
      const looks = { className: 'md-heading', 'data-level': token.depth, dir: 'auto' };
      return make('p', looks, ...elementsOf(token.tokens));
    }
    case 'paragraph':
      return make('p', auto, ...elementsOf(token.tokens));
    case 'blockquote':
      return make('blockquote', auto, ...elementsOf(token.tokens));
    case 'list':
      return list(token);
    case 'code':
      return code(token);
    case 'table':
      return table(token);
    case 'hr':
    case 'br':
      return make(token.type);
    case 'strong':
    case 'em':
    case 'del':
      return make(token.type, null, ...elementsOf(token.tokens, linked));
    case 'codespan':
      return make('code', { dir: 'ltr' }, token.text);
    case 'link': {
      const address = linked ? undefined : safeAddress(token.href);
      const within = linked || address !== undefined;
      return linkTo(address, token.autolink === true ? [token.text] : elementsOf(token.tokens, within));
    }
    case 'image':
      return linkTo(linked ? undefined : safeAddress(token.href), [token.text || token.href]);
    case 'name':
      return name(token, linked);
    case 'text':
      return token.tokens === undefined ? withCharacters(token.text) : elementsOf(token.tokens, linked);
    case 'html':
    case 'escape':
    default:
      return token.text;
  }
}

function list({ ordered, start, items }: Tokens.List): ReactNode {
  const all = items.map(({ task, checked, tokens }) => {
    const inner = elementsOf(tokens);
    if (!task) return make('li', auto, ...inner);
    const mark = make('span', { className: 'task' }, checked === true ? '☑' : '☐');
    return make('li', { dir: 'auto', className: 'task-item' }, mark, ' ', ...inner);
  });
  if (!ordered) return make('ul', null, ...all);
  return make('ol', start === '' || start === 1 ? null : { start }, ...all);
}

function code({ text, lang = '' }: Tokens.Code): ReactNode {
  const language = lang.trim().split(/\s/u)[0] ?? '';
  const head = make(
    'div',
    { className: 'code-head' },
    make('span', null, language.slice(0, 30) || 'Code'),
    make('button', { type: 'button', className: 'code-copy' }, 'Copy'),
  );
  const body = make('pre', { tabIndex: 0 }, make('code', null, text));
  return make('div', { className: 'code-block', dir: 'ltr' }, head, body);
}

function table({ header, rows }: Tokens.Table): ReactNode {
  const row = (cells: readonly Tokens.TableCell[]): ReactNode => make('tr', null, ...cells.map(cell));
  const head = make('thead', null, row(header));
  const body = rows.length > 0 && make('tbody', null, ...rows.map(row));
  return make('div', { className: 'md-table', tabIndex: 0 }, make('table', null, head, body));
}

function cell({ header, tokens }: Tokens.TableCell): ReactNode {
  const said = elementsOf(tokens);
  return header ? make('th', { scope: 'col', dir: 'auto' }, ...said) : make('td', auto, ...said);
}

/** What may not be followed stays text. One of this workspace opens in place. */
function linkTo(address: URL | undefined, said: ReactNode[]): ReactNode | ReactNode[] {
  if (address === undefined) return said;
  const target = address.href;
  if (address.origin === location.origin) return make('a', { href: target }, ...said);
  const elsewhere = { href: target, title: target, target: '_blank', rel: 'noopener noreferrer' };
  return make('a', elsewhere, ...said);
}

function name({ raw, user, channel, own }: NameToken, linked: boolean): ReactNode {
  if (channel !== undefined) {
    const looks = { className: 'channel-link' };
    return linked
      ? make('span', looks, raw)
      : make('a', { ...looks, href: `#/c/${encodeURIComponent(channel)}` }, raw);
  }
  const looks = { className: own === true ? 'mention own' : 'mention' };
  if (user === undefined || linked) return make('span', looks, raw);
  return make('button', { type: 'button', ...looks, 'data-user': user }, raw);
}
