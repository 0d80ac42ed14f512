import { isFields, textIn } from './slack-fields.ts';

/** What is called how. */
export interface Names {
  /** Of a user, by the id that Slack gave. */
  readonly handleOf: (id: string) => string | undefined;
}

/** A text as it was typed, of the form in which Slack keeps it. */
export function textOf(text: string, { handleOf }: Names): string {
  return text
    .replaceAll(/<([^<>]*)>/g, (_, inside: string) => {
      const [target = '', label] = inside.split('|', 2);
      if (/^@[UW]/.test(target)) return `@${handleOf(target.slice(1)) ?? label ?? target.slice(1)}`;
      if (target.startsWith('#')) return `#${label ?? target.slice(1)}`;
      if (/^!(?:here|channel|everyone)/.test(target)) return '@here';
      if (target.startsWith('!')) return label ?? target.slice(1);
      return label === undefined || label === target ? target : `${label} (${target})`;
    })
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

/** What a program said beside the text of a message, where it said nothing in it. */
export function attachedText(attachments: readonly unknown[]): string {
  return attachments
    .filter(isFields)
    .map((one) => {
      const said = ['pretext', 'title', 'text'].flatMap((name) => textIn(one, name) ?? []);
      return said.length > 0 ? said.join('\n') : (textIn(one, 'fallback') ?? '');
    })
    .filter((text) => text !== '')
    .join('\n\n');
}

/** A name as the hub takes it for a handle. */
export function handleFrom(name: string, id: string): string {
  const plain = name
    .normalize('NFKD')
    .replaceAll(/\p{M}+/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .replaceAll(/^[._-]+|[._-]+$/g, '')
    .slice(0, 32)
    .replaceAll(/[._-]+$/g, '');
  return plain.length >= 2 ? plain : `slack-${id.toLowerCase().replaceAll(/[^a-z0-9]/g, '')}`.slice(0, 32);
}

/** Parts that each fit into a message: those of Slack may be longer. Never through the middle of a character. */
export function partsOf(text: string, longest: number): string[] {
  const signs = Array.from(text);
  const parts: string[] = [];
  for (let from = 0; from < signs.length; from += longest)
    parts.push(signs.slice(from, from + longest).join(''));
  return parts.length === 0 ? [''] : parts;
}
