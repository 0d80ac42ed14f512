import type { Command } from '@parley/hub-protocol';
import { useEffect, useId, useMemo, useState, type KeyboardEvent, type RefObject } from 'react';
import type { Emoji } from '../emoji/emoji-data.ts';
import { useHub } from '../hub/context.ts';
import type { Suggestion } from './suggest.ts';
import type { Suggesting } from './suggesting.ts';
import { applyEdit } from './text-edit.ts';
import type { Trigger } from './trigger.ts';

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

let loaded: Suggesting | undefined;

/** With the list that shows them, so that a key is for the list as soon as there are any. */
async function load(): Promise<Suggesting> {
  const [{ suggesting }] = await Promise.all([import('./suggesting.ts'), import('./suggestion-items.tsx')]);
  loaded = suggesting;
  return suggesting;
}

/** Helps to finish names: of people, channels, emoji and commands. */
export function useSuggestions({ channelId, area, withCommands }: SuggestionOptions): Suggestions {
  const hub = useHub();
  const listId = useId();
  const [means, setMeans] = useState(() => loaded);
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
      void means
        ?.loadCommands(channelId)
        .then((all) => void (gone || setCommands(all)))
        .catch(() => {});
    return () => void (gone = true);
  }, [kind, channelId, emojis.length, means]);

  const items = useMemo(
    () =>
      means === undefined || trigger === undefined || markOf(trigger) === dropped
        ? []
        : means.suggestionsFor(trigger, { state: hub.snapshot(), channelId, commands, emojis }),
    [means, trigger, dropped, hub, channelId, commands, emojis],
  );
  const pick = (item: Suggestion): void => {
    if (area.current === null || trigger === undefined) return;
    const { start, end } = trigger;
    const caret = start + item.insert.length;
    applyEdit(area.current, { start, end, text: item.insert, select: [caret, caret] });
    setTrigger(undefined);
  };
  const lookWith = ({ findTrigger }: Suggesting): void => {
    const { current } = area;
    if (current === null) return;
    const { value, selectionStart, selectionEnd } = current;
    const found = selectionStart === selectionEnd ? findTrigger(value, selectionStart) : undefined;
    const allowed = found?.kind === 'command' && !withCommands ? undefined : found;
    if (markOf(allowed) !== dropped) setDropped(undefined);
    if (allowed?.query !== trigger?.query || markOf(allowed) !== markOf(trigger)) setActive(0);
    setTrigger(allowed);
  };
  return {
    listId,
    items,
    active: Math.min(active, Math.max(0, items.length - 1)),
    setActive,
    pick,
    look() {
      if (means !== undefined) lookWith(means);
      // Nothing is begun in an empty text.
      else if (area.current !== null && area.current.value !== '')
        void load().then(
          (found) => {
            setMeans(found);
            lookWith(found);
          },
          // Without it there is no help, and one writes on.
          () => {},
        );
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
