import { parseDuration } from '@parley/cache-core/kernel';
import { scopeMeanings, scopes, type Scope } from '@parley/hub-protocol';
import { usageError } from '../../cli-error.ts';
import type { Options } from '../../command.ts';
import { didYouMean, nearest } from '../../near-miss.ts';

export const scopeOptions = {
  scope: {
    type: 'text',
    value: 'SCOPE',
    many: true,
    summary: `What it may be used for, several times or separated by commas: ${scopes.join(', ')}. Without it: read, write, react`,
  },
  expires: {
    type: 'text',
    value: 'TIME',
    summary: 'When it ends by itself, such as 12h or 30d. Otherwise never',
  },
} as const satisfies Options;

/** Talking, and nothing that changes the workspace. */
const usual: readonly Scope[] = ['read', 'write', 'react'];

export const aboutScopes = scopes.map((scope) => `${scope}: ${scopeMeanings[scope]}`).join('; ');

/** What the token is made with. */
export function tokenTerms({
  scope,
  expires,
}: {
  readonly scope?: readonly string[];
  readonly expires?: string;
}): {
  readonly scopes: Scope[];
  readonly expiresAt?: number;
} {
  const given = scope?.flatMap((words) => words.split(',')).map((word) => word.trim());
  return {
    scopes: [...new Set(given?.map(scopeCalled) ?? usual)],
    ...(expires !== undefined && { expiresAt: Date.now() + parseExpiry(expires) }),
  };
}

export function parseExpiry(text: string): number {
  try {
    return parseDuration(text, { field: '--expires', min: 1_000 });
  } catch {
    throw usageError('--expires must be a time such as 12h or 30d');
  }
}

function scopeCalled(word: string): Scope {
  const found = scopes.find((scope) => scope === word);
  if (found !== undefined) return found;
  throw usageError(`--scope must be one of ${scopes.join(', ')}`, didYouMean(nearest(word, scopes)));
}
