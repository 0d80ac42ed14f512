import type { HubState } from '@parley/hub-client';
import { searchForms, searchMarks } from '@parley/hub-protocol/search';

/** Something that can stand where the cursor is. */
export interface Suggestion {
  /** What is put there. */
  readonly text: string;
  readonly about: string;
}

const filters: readonly Suggestion[] = [
  { text: 'from:', about: 'what somebody wrote' },
  { text: 'in:', about: 'in a channel' },
  { text: 'before:', about: 'before a day' },
  { text: 'after:', about: 'after a day' },
  { text: 'has:', about: 'with a file, a link, code …' },
  { text: 'is:', about: 'in a thread, a thought …' },
];
const most = 8;

const marks: Readonly<Record<(typeof searchMarks)[number], string>> = {
  code: 'with code',
  file: 'with a file',
  link: 'with a link',
  mention: 'which mention somebody',
  pin: 'which are pinned',
};
const forms: Readonly<Record<(typeof searchForms)[number], string>> = {
  thread: 'in threads',
  thought: 'thoughts of agents',
  action: 'actions of agents',
};

/** What is being written at the cursor: from the last blank on. */
export function pieceAt(text: string, cursor: number): { readonly from: number; readonly piece: string } {
  const from = text.slice(0, cursor).search(/\S*$/u);
  return { from, piece: text.slice(from, cursor) };
}

export function suggestionsFor(
  piece: string,
  state: Pick<HubState, 'users' | 'channels'>,
  today: Date,
): Suggestion[] {
  const colon = piece.indexOf(':');
  if (colon < 0) return filters.filter(({ text }) => text.startsWith(piece.toLowerCase()));
  const name = piece.slice(0, colon).toLowerCase();
  const value = piece.slice(colon + 1).toLowerCase();
  return valuesOf(name, value, state, today)
    .slice(0, most)
    .map(({ text, about }) => ({ text: `${name}:${text}`, about }))
    .filter(({ text }) => text !== piece);
}

function valuesOf(
  name: string,
  value: string,
  { users, channels }: Pick<HubState, 'users' | 'channels'>,
  today: Date,
): Suggestion[] {
  const begins = ({ text }: Suggestion): boolean => text.startsWith(value);
  const sought = value.replace(/^[@#]/u, '');
  switch (name) {
    case 'from':
      return [
        ...[{ text: 'me', about: 'what I wrote' }].filter(begins),
        ...[...users.values()]
          .filter(({ handle, displayName }) => `${handle} ${displayName.toLowerCase()}`.includes(sought))
          .map(({ handle, displayName }) => ({ text: handle, about: displayName })),
      ];
    case 'in':
      return [...channels.values()].flatMap(({ channel }) =>
        channel.name?.includes(sought) ? [{ text: channel.name, about: channel.topic }] : [],
      );
    case 'before':
    case 'after':
      return daysBefore(today).filter(begins);
    case 'has':
      return searchMarks.map((text) => ({ text, about: marks[text] })).filter(begins);
    case 'is':
      return searchForms.map((text) => ({ text, about: forms[text] })).filter(begins);
    default:
      return [];
  }
}

function daysBefore(today: Date): Suggestion[] {
  const days = [
    [0, 'today'],
    [1, 'yesterday'],
    [7, 'a week ago'],
    [30, 'a month ago'],
    [365, 'a year ago'],
  ] as const;
  return days.map(([days, about]) => {
    const day = new Date(today.getTime() - days * 86_400_000);
    return { text: day.toISOString().slice(0, 10), about };
  });
}
