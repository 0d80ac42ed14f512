import { scopeMeanings, scopes, type Scope } from '@parley/hub-protocol';
import { usageError } from '../../cli-error.ts';
import type { Options, Values } from '../../command.ts';
import { didYouMean, nearest } from '../../near-miss.ts';
import { timeSpan } from '../../time-span.ts';

export const scopeOptions = {
  scope: {
    type: 'text',
    value: 'SCOPE',
    many: true,
    summary: `What it may be used for, several times or separated by commas: ${scopes.join(', ')}`,
  },
  expires: {
    type: 'text',
    value: 'TIME',
    summary: 'When it ends by itself, such as 12h or 30d. Otherwise never',
  },
} as const satisfies Options;

export const aboutScopes = scopes.map((scope) => `${scope}: ${scopeMeanings[scope]}`).join('; ');

interface Terms {
  readonly scopes?: Scope[];
  readonly expiresAt?: number;
}

/** What the token is to be made with, as far as it was said. */
export function tokenTerms(options: Values<typeof scopeOptions>): Terms {
  const { scope, expires } = options;
  const words = scope?.flatMap((given) => given.split(',')).map((word) => word.trim());
  return {
    ...(words !== undefined && { scopes: [...new Set(words.map(scopeCalled))] }),
    ...(expires !== undefined && { expiresAt: Date.now() + timeSpan('--expires', expires) }),
  };
}

function scopeCalled(word: string): Scope {
  const found = scopes.find((scope) => scope === word);
  if (found !== undefined) return found;
  throw usageError(`--scope must be one of ${scopes.join(', ')}`, didYouMean(nearest(word, scopes)));
}
