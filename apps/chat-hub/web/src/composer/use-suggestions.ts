import type { Command } from '@parley/hub-protocol';
import { useEffect, useId, useMemo, useState, type KeyboardEvent, type RefObject } from 'react';
import type { Emoji } from '../emoji/emoji-data.ts';
import { useHabits } from '../emoji/habits.ts';
import { useHub } from '../hub/context.ts';
import { loadCommands } from './commands.ts';
import { suggestionsFor, type Suggestion } from './suggest.ts';
import { applyEdit } from './text-edit.ts';
import { findTrigger, type Trigger } from './trigger.ts';

export interface Suggestions {
  readonly listId: string;
  readonly items: readonly Suggestion[];
  readonly active: number;
  readonly setActive: (at: number) => void;
  readonly pick: (item: Suggestion) => void;
  /** The caret or the text has moved. */
  readonly look: () => void;
  readonly close: () => void;
  /** Whether the key was for the list. */
  readonly onKey: (event: KeyboardEvent) => boolean;
}

interface SuggestionOptions {
  readonly channelId: string;
  readonly area: RefObject<HTMLTextAreaElement | null>;
  readonly withCommands: boolean;
}

/** Helps to finish names: of people, channels, emoji and commands. */
export function useSuggestions({ channelId, area, withCommands }: SuggestionOptions): Suggestions {
  const hub = useHub();
  const listId = useId();
  const { tone } = useHabits();
  const [trigger, setTrigger] = useState<Trigger>();
  const [dropped, setDropped] = useState<string>();
  const [active, setActive] = useState(0);
  const [emojis, setEmojis] = useState<readonly Emoji[]>([]);
  const [commands, setCommands] = useState<readonly Command[]>([]);
  const kind = trigger?.kind;
  const markOf = (found: Trigger | undefined): string | undefined => found && `${found.kind} ${found.start}`;

  useEffect(() => {
    let gone = false;
    // Without them there is no help, and nothing else is amiss.
    if (kind === 'emoji' && emojis.length === 0)
      void import('../emoji/emoji-data.ts')
        .then(({ loadEmojis }) => loadEmojis())
        .then((all) => void (gone || setEmojis(all)))
        .catch(() => {});
    if (kind === 'command')
      void loadCommands(channelId)
        .then((all) => void (gone || setCommands(all)))
        .catch(() => {});
    return () => void (gone = true);
  }, [kind, channelId, emojis.length]);

  const items = useMemo(
    () =>
      trigger === undefined || markOf(trigger) === dropped
        ? []
        : suggestionsFor(trigger, { state: hub.snapshot(), channelId, commands, emojis, tone }),
    [trigger, dropped, hub, channelId, commands, emojis, tone],
  );
  const pick = (item: Suggestion): void => {
    if (area.current === null || trigger === undefined) return;
    const { start, end } = trigger;
    const caret = start + item.insert.length;
    applyEdit(area.current, { start, end, text: item.insert, select: [caret, caret] });
    setTrigger(undefined);
  };
  return {
    listId,
    items,
    active: Math.min(active, Math.max(0, items.length - 1)),
    setActive,
    pick,
    look() {
      const { current } = area;
      if (current === null) return;
      const { value, selectionStart, selectionEnd } = current;
      const found = selectionStart === selectionEnd ? findTrigger(value, selectionStart) : undefined;
      const allowed = found?.kind === 'command' && !withCommands ? undefined : found;
      if (markOf(allowed) !== dropped) setDropped(undefined);
      if (allowed?.query !== trigger?.query || markOf(allowed) !== markOf(trigger)) setActive(0);
      setTrigger(allowed);
    },
    close: () => setTrigger(undefined),
    onKey({ key, shiftKey, nativeEvent }) {
      const item = items[Math.min(active, items.length - 1)];
      if (item === undefined || nativeEvent.isComposing) return false;
      if (key === 'ArrowDown') setActive((active + 1) % items.length);
      else if (key === 'ArrowUp') setActive((active + items.length - 1) % items.length);
      else if ((key === 'Enter' && !shiftKey) || (key === 'Tab' && !shiftKey)) pick(item);
      else if (key === 'Escape') setDropped(markOf(trigger));
      else return false;
      return true;
    },
  };
}
