import { HubError, limits } from '@parley/hub-protocol';
import type { RouteBody } from '@parley/hub-protocol/rest';
import { textOfBlocks } from './blocks.ts';

type Body = RouteBody<'postByWebhook'>;
type Attachment = NonNullable<Body['attachments']>[number];

/** The most that becomes one character of a message. */
const longest = '&amp;'.length;

/** What a program says, whichever chat it was made for. */
export function contentOf({ content, text, attachments, blocks }: Body): string {
  if (content !== undefined) return content;
  // Beside blocks, `text` says the same for those who are shown none.
  const said = isBlank(text) ? textOfBlocks(blocks) : [text ?? ''];
  const parts = [...said, ...(attachments ?? []).flatMap(partsOf)].filter((part) => !isBlank(part));
  if (parts.reduce((sum, part) => sum + part.length, 0) > longest * limits.content) throw tooLong();
  const whole = parts.map(plain).join('\n');
  if (isBlank(whole)) throw new HubError('INVALID', 'text must say something', { field: 'text' });
  if (whole.length > limits.content) throw tooLong();
  return whole;
}

function tooLong(): HubError {
  const message = `text and attachments must have at most ${limits.content} characters`;
  return new HubError('INVALID', message, { field: 'text' });
}

function partsOf({ pretext, title, text, blocks, fallback }: Attachment): string[] {
  const parts = [pretext, title, text].flatMap((part) => (isBlank(part) ? [] : [part ?? '']));
  const all = [...parts, ...textOfBlocks(blocks)];
  return all.length > 0 ? all : [fallback ?? ''];
}

function isBlank(text: string | null | undefined): boolean {
  return (text ?? '').trim() === '';
}

/**
 * Slack's markup of links and calls as Markdown; Mattermost writes Markdown anyway. No part of a pattern reaches over another `<`: whoever writes
 * thousands of them would have each searched to the end.
 */
function plain(text: string): string {
  return text
    .replaceAll(/<!(?:here|channel|everyone)(?:\|[^<>]*)?>/g, '@here')
    .replaceAll(/<((?:https?|mailto):[^<>|\s]+)\|([^<>]*)>/g, '[$2]($1)')
    .replaceAll(/<((?:https?|mailto):[^<>|\s]+)>/g, '$1')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
