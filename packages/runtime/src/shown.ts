import { describeValue } from '@parley/cache-core/kernel';

/** How much of a value may be seen: nothing, its address, or all. */
export type Visibility = 'secret' | 'url' | 'plain';

/** A value of the environment as messages may quote it. */
export function shownValue(value: string, visibility: Visibility): string {
  if (visibility === 'secret') return '***';
  return describeValue(visibility === 'url' ? shownUrl(value) : hideCredentials(value));
}

/** A URL that was understood, without its credentials. A password may contain any character, so all before the last "@" goes. */
export function hideCredentials(text: string): string {
  const at = text.lastIndexOf('@');
  if (at < 0) return text;
  const scheme = /^[a-z][a-z\d+.-]*:\/\//i.exec(text)?.[0] ?? '';
  return `${scheme}***@${text.slice(at + 1)}`;
}

/** Of a URL that was not understood only the scheme: its password may be anywhere. */
function shownUrl(text: string): string {
  if (/^[\w.-]{1,64}(?::\d{1,5})?$/.test(text)) return text;
  const scheme = /^[a-z][a-z\d+.-]{0,30}:\/\//i.exec(text)?.[0];
  return `${scheme ?? ''}...`;
}
