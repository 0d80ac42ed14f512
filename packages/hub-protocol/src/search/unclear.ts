import { HubError } from '../errors.ts';

/**
 * What cannot be done with a search, by the part of it that is at fault.
 *
 * @param expected completes `<part> must ...`
 */
export function unclear(part: string, expected: string): HubError {
  const shown = part === 'query' ? part : `query: ${quoted(part)}`;
  return new HubError('INVALID', `${shown} must ${expected}`, { field: 'query' });
}

const quoted = (part: string): string => `\`${Array.from(part).slice(0, 60).join('')}\``;
