import dataUrl from 'emojibase-data/en/compact.json?url';
import namesUrl from 'emojibase-data/en/shortcodes/github.json?url';

export interface Emoji {
  readonly sign: string;
  readonly label: string;
  /** How it is typed between colons, first the usual one. */
  readonly names: readonly string[];
  readonly tags: readonly string[];
  /** By the number of the tone, from 1. */
  readonly tones: readonly string[];
  readonly group: number;
}

/** As they are shown, with what the data calls them. */
export const emojiGroups = [
  { title: 'Smileys', sign: '😀', groups: [0] },
  { title: 'People', sign: '👋', groups: [1] },
  { title: 'Nature', sign: '🐻', groups: [3] },
  { title: 'Food', sign: '🍎', groups: [4] },
  { title: 'Travel', sign: '🚗', groups: [5] },
  { title: 'Activities', sign: '⚽', groups: [6] },
  { title: 'Objects', sign: '💡', groups: [7] },
  { title: 'Symbols', sign: '💠', groups: [8] },
  { title: 'Flags', sign: '🏁', groups: [9] },
] as const;

/** The signs that colour a skin, from light to dark. */
const tones = ['1F3FB', '1F3FC', '1F3FD', '1F3FE', '1F3FF'];
let loading: Promise<readonly Emoji[]> | undefined;

/** All of them, loaded when somebody needs the first. What failed is tried again. */
export function loadEmojis(): Promise<readonly Emoji[]> {
  loading ??= read().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function read(): Promise<readonly Emoji[]> {
  const [data, names] = await Promise.all([fetchJson(dataUrl), fetchJson(namesUrl)]);
  if (!Array.isArray(data) || !isRecord(names)) throw new Error('The emoji cannot be read.');
  return data
    .filter(isRecord)
    .filter(({ group, order }) => typeof group === 'number' && typeof order === 'number')
    .toSorted((a, b) => Number(a['order']) - Number(b['order']))
    .map((entry) => emojiOf(entry, names));
}

function emojiOf(entry: Readonly<Record<string, unknown>>, names: Readonly<Record<string, unknown>>): Emoji {
  const { unicode, label, hexcode, tags, skins, group } = entry;
  const toned = Array.isArray(skins) ? skins.filter(isRecord) : [];
  return {
    sign: usual(String(unicode)),
    label: String(label),
    names: [names[String(hexcode)]].flat().filter(isText),
    tags: Array.isArray(tags) ? tags.filter(isText) : [],
    // With several people in it, there are more than these: each is of one tone.
    tones: tones.flatMap((tone) => {
      const found = toned.find((skin) => {
        const used = String(skin['hexcode']).split('-');
        return used.includes(tone) && used.every((part) => part === tone || !tones.includes(part));
      });
      return found === undefined ? [] : [usual(String(found['unicode']))];
    }),
    group: Number(group),
  };
}

/**
 * As keyboards and others write it. The data asks for a picture also where a sign is one anyway, and then the same reaction would be two.
 */
const usual = (sign: string): string => sign.replaceAll(/(\p{Emoji_Presentation})\uFE0F/gu, '$1');

async function fetchJson(url: string): Promise<unknown> {
  const response = await fetch(url).catch(() => undefined);
  if (response?.ok !== true) throw new Error('The emoji could not be loaded.');
  return response.json();
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** In the skin that somebody chose. 0: as it is. */
export const inTone = ({ sign, tones }: Emoji, tone: number): string => tones[tone - 1] ?? sign;
