import { channelAccess } from '../access.ts';
import { errorCodes, errorKinds } from '../error-codes.ts';
import { limits } from '../limits.ts';
import { reservedHandles } from '../reserved-handles.ts';
import { errorTitles } from '../problem.ts';
import { roles, scopeMeanings, scopesOfRole } from '../roles.ts';
import { limitProse } from './limit-prose.ts';
import { generated, page, span, table } from './markdown.ts';

/** The page on roles, scopes, errors and limits. */
export function rulesMarkdown(): string {
  const body = page([
    '## Scopes',
    'What a caller may do is what their role allows and, for a token, what the token was made for as well.',
    table(
      ['scope', 'allows to', ...roles],
      Object.entries(scopeMeanings).map(([scope, meaning]) => [
        span(scope),
        meaning,
        ...roles.map((role) => (scopesOfRole[role].some((allowed) => allowed === scope) ? 'yes' : 'no')),
      ]),
    ),
    '## In a channel',
    'Besides the scope, a route or a frame may ask for one of these:',
    table(
      ['word', 'who that is'],
      Object.entries(channelAccess).map(([word, meaning]) => [span(word), meaning]),
    ),
    '## Errors',
    'Errors are `application/problem+json` ([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457)), and the same object stands in `error` frames. Programs compare `code`; a code that they do not know means what its status means. What is **retryable** may succeed later, unchanged.',
    table(
      ['code', 'status', 'retryable', 'what it means'],
      errorCodes.map((code) => [
        span(code),
        String(errorKinds[code].status),
        errorKinds[code].retryable ? 'yes' : 'no',
        errorTitles[code],
      ]),
    ),
    '## Limits',
    'Characters are Unicode code points, as Python counts them and JavaScript does in `[...text].length`; bytes are those of UTF-8.',
    table(
      ['name', 'at most', 'what'],
      Object.entries(limitProse).map(([name, meaning]) => [span(name), String(limitOf(name)), meaning]),
    ),
    `These words are no handles: ${reservedHandles.map(span).join(', ')}.`,
  ]);
  return generated('Hub rules', body);
}

function limitOf(name: string): number | undefined {
  return new Map<string, number>(Object.entries(limits)).get(name);
}
