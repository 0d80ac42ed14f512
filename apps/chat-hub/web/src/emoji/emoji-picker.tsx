import { useDeferredValue, useEffect, useId, useMemo, useRef, useState } from 'react';
import { sentenceOf } from '../hub/problem.ts';
import { Notice } from '../ui/notice.tsx';
import { emojiGroups, inTone, loadEmojis, type Emoji } from './emoji-data.ts';
import { noteUse, useHabits } from './habits.ts';
import { searchEmojis } from './search-emojis.ts';
import { ToneChoice } from './tone-choice.tsx';
import './emoji.css';

export interface EmojiPickerProps {
  readonly onPick: (sign: string) => void;
}

const columns = 8;
const mostFound = 160;

/** All emoji: by group, by what they are called, and those one used lately. The keys stay in the search, the arrows go through the grid. */
export function EmojiPicker({ onPick }: EmojiPickerProps) {
  const id = useId();
  const habits = useHabits();
  const { emojis, error, retry } = useEmojis();
  // Where one is, it is not sorted anew while one looks at it.
  const [recent] = useState(habits.recent);
  const [group, setGroup] = useState(recent.length > 0 ? -1 : 0);
  const [query, setQuery] = useState('');
  const [active, setActive] = useState(0);
  const [tone, setShownTone] = useState(habits.tone);
  const grid = useRef<HTMLDivElement>(null);
  const wanted = useDeferredValue(query);
  const shown = useMemo(() => {
    if (emojis === undefined) return [];
    if (wanted.trim() !== '') return searchEmojis(emojis, wanted, mostFound);
    if (group < 0) return recentOf(emojis, recent);
    const within: readonly number[] = emojiGroups[group]?.groups ?? [];
    return emojis.filter((emoji) => within.includes(emoji.group));
  }, [emojis, wanted, group, recent]);
  const current = shown[active];
  const cellId = (at: number): string => `${id}-${at}`;
  useEffect(() => setActive(0), [shown]);
  useEffect(() => {
    grid.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [active, shown]);

  const pick = (emoji: Emoji): void => {
    const sign = group < 0 && wanted.trim() === '' ? emoji.sign : inTone(emoji, tone);
    noteUse(sign);
    onPick(sign);
  };
  const choose = (next: number): void => {
    setGroup(next);
    setQuery('');
  };

  return (
    <div className="emoji-picker">
      <input
        type="search"
        className="emoji-search"
        role="combobox"
        aria-label="Search emoji"
        aria-expanded="true"
        aria-controls={`${id}-grid`}
        aria-activedescendant={current && cellId(active)}
        aria-autocomplete="list"
        placeholder="Search emoji"
        autoComplete="off"
        value={query}
        onChange={(event) => setQuery(event.target.value)}
        onKeyDown={(event) => {
          const next = moved(event.key, active, shown.length);
          if (event.key === 'Enter' && current !== undefined) pick(current);
          else if (next === undefined || event.nativeEvent.isComposing) return;
          else setActive(next);
          event.preventDefault();
        }}
      />
      <div className="emoji-groups" role="toolbar" aria-label="Groups of emoji">
        {recent.length > 0 && (
          <GroupButton title="Used lately" sign="🕘" chosen={group < 0} onChoose={() => choose(-1)} />
        )}
        {emojiGroups.map(({ title, sign }, at) => (
          <GroupButton
            key={title}
            title={title}
            sign={sign}
            chosen={group === at}
            onChoose={() => choose(at)}
          />
        ))}
      </div>
      {error !== undefined ? (
        <Notice tone="bad" action={{ label: 'Try again', onClick: retry }}>
          {sentenceOf(error)}
        </Notice>
      ) : (
        <div
          ref={grid}
          id={`${id}-grid`}
          className="emoji-grid"
          role="listbox"
          aria-label="Emoji"
          aria-busy={emojis === undefined}
        >
          {shown.map((emoji, at) => (
            <div
              key={emoji.sign}
              id={cellId(at)}
              className="emoji-cell"
              role="option"
              aria-selected={at === active}
              aria-label={emoji.label}
              title={emoji.names[0] === undefined ? emoji.label : `:${emoji.names[0]}:`}
              onPointerDown={(event) => event.preventDefault()}
              onPointerMove={() => setActive(at)}
              onClick={() => pick(emoji)}
            >
              {group < 0 && wanted.trim() === '' ? emoji.sign : inTone(emoji, tone)}
            </div>
          ))}
        </div>
      )}
      <footer className="emoji-foot">
        <p className="emoji-about" aria-live="polite">
          {emojis !== undefined && shown.length === 0 ? 'No emoji is called so.' : (current?.label ?? '')}
        </p>
        <ToneChoice tone={tone} onChoose={setShownTone} />
      </footer>
    </div>
  );
}

interface GroupButtonProps {
  readonly title: string;
  readonly sign: string;
  readonly chosen: boolean;
  readonly onChoose: () => void;
}

function GroupButton({ title, sign, chosen, onChoose }: GroupButtonProps) {
  return (
    <button type="button" aria-label={title} title={title} aria-pressed={chosen} onClick={onChoose}>
      {sign}
    </button>
  );
}

function useEmojis() {
  const [emojis, setEmojis] = useState<readonly Emoji[]>();
  const [error, setError] = useState<unknown>();
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let gone = false;
    setError(undefined);
    loadEmojis().then(
      (all) => !gone && setEmojis(all),
      (failure: unknown) => !gone && setError(failure),
    );
    return () => void (gone = true);
  }, [turn]);
  return { emojis, error, retry: () => setTurn((before) => before + 1) };
}

/** In the skin in which they were used. */
function recentOf(all: readonly Emoji[], recent: readonly string[]): readonly Emoji[] {
  return recent.flatMap((sign) => {
    const known = all.find((emoji) => emoji.sign === sign || emoji.tones.includes(sign));
    return known === undefined ? [] : [{ ...known, sign }];
  });
}

const steps: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowRight: 1,
  ArrowUp: -columns,
  ArrowDown: columns,
};

/** Where a key leads in the grid. Undefined: nowhere. */
function moved(key: string, from: number, count: number): number | undefined {
  const step = steps[key];
  if (step === undefined || count === 0) return undefined;
  const to = from + step;
  return to < 0 || to >= count ? Math.max(0, Math.min(count - 1, Math.abs(step) === 1 ? to : from)) : to;
}
