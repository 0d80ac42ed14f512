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
  return `${schemeOf(text)}***@${text.slice(at + 1)}`;
}

/** Of a URL that was not understood only the scheme: its password may be anywhere. */
function shownUrl(text: string): string {
  if (/^[\w.-]{1,64}(?::\d{1,5})?$/.test(text)) return text;
  return `${schemeOf(text)}...`;
}

/** Nothing for a word that nobody knows: it may be the password, in the wrong place. */
function schemeOf(text: string): string {
  return (
    /^(?:(?:redis|valkey)s?(?:\+(?:sentinel|cluster|socket))?|postgres(?:ql)?|mysql|mongodb|amqps?|sqlite|https?|tcp|unix|file):\/\//i.exec(
      text,
    )?.[0] ?? ''
  );
}
