import { isHubError } from '@parley/hub-protocol';
import { sentenceOf } from '../hub/problem.ts';

/** What the hub says of one field; undefined: nothing. */
export function wrongField(error: unknown, field: string): string | undefined {
  return isHubError(error) && fieldOf(error) === field ? sentenceOf(error) : undefined;
}

/** What is wrong and no field says it. */
export function wrongElsewhere(error: unknown, fields: readonly string[]): string | undefined {
  if (error === undefined || fields.some((field) => wrongField(error, field) !== undefined)) return undefined;
  return sentenceOf(error);
}

const fieldOf = ({ code, field }: { code: string; field?: string | undefined }): string | undefined =>
  field ?? (code === 'NAME_TAKEN' ? 'handle' : undefined);
