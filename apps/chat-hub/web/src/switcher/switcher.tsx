import { Dialog } from '@base-ui/react/dialog';
import { Search } from 'lucide-react';
import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react';
import { useHubState, useIsAdmin, useSession } from '../hub/context.ts';
import { openDirect } from '../people/open-direct.ts';
import { closeOverlay } from '../shell/overlay.ts';
import { go, usePlace } from '../shell/place.ts';
import { recentChannels } from '../shell/recent.ts';
import { loadCompany } from '../sidebar/load-company.ts';
import { useToasts } from '../ui/toasts.tsx';
import { actionsFor, searchFor } from './actions.ts';
import { findEntries, type Entry } from './entries.ts';
import { EntryRow } from './entry-row.tsx';
import '../ui/dialog.css';
import './switcher.css';

/** To a channel, a person or an action by a few letters. */
export function Switcher() {
  const session = useSession();
  const { hub, userId } = session;
  const state = useHubState((all) => all);
  const { channelId } = usePlace();
  const isAdmin = useIsAdmin();
  const toasts = useToasts();
  const id = useId();
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const [recent] = useState(() => recentChannels(userId));
  const field = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);

  useEffect(() => {
    // Conversations are found by who is in them.
    for (const { channel, members } of hub.snapshot().channels.values())
      if (channel.name === null && members === undefined) loadCompany(hub, channel.id);
  }, [hub]);

  const query = typed.trim();
  const groups = findEntries(state, query, {
    recent,
    here: channelId,
    actions: actionsFor(session, isAdmin, toasts.fail),
  });
  const searching = query.replace(/^[#@]/u, '') === '' ? [] : [searchFor(query)];
  const entries = [...groups.flatMap((group) => group.entries), ...searching];
  const active = entries[Math.min(at, entries.length - 1)];
  const idOf = (entry: Entry): string => `${id}-${entry.kind}-${entry.id}`;

  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [at, query]);

  const choose = (entry: Entry): void => {
    closeOverlay();
    if (entry.kind === 'channel') go({ view: 'channel', channelId: entry.id });
    else if (entry.kind === 'person') void openDirect(hub, [entry.id]).catch(toasts.fail);
    else entry.run();
  };
  const press = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };
    const step = steps[event.key];
    if (step !== undefined) {
      event.preventDefault();
      const last = entries.length - 1;
      const next = Math.min(at, last) + step;
      setAt(Math.abs(step) > 1 ? Math.min(Math.max(next, 0), last) : (next + last + 1) % (last + 1));
    } else if (event.key === 'Enter' && active !== undefined) {
      event.preventDefault();
      choose(active);
    }
  };
  const option = (entry: Entry) => (
    <EntryRow
      key={idOf(entry)}
      id={idOf(entry)}
      entry={entry}
      active={entry === active}
      onChoose={() => choose(entry)}
    />
  );

  return (
    <Dialog.Root open onOpenChange={(open) => !open && closeOverlay()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="dialog-back" />
        <Dialog.Popup className="dialog switcher" aria-label="Find or go to" initialFocus={field}>
          <div className="switcher-field">
            <Search aria-hidden size={18} />
            <input
              ref={field}
              role="combobox"
              autoComplete="off"
              aria-label="Find or go to"
              aria-expanded
              aria-controls={`${id}-list`}
              aria-activedescendant={active && idOf(active)}
              aria-autocomplete="list"
              placeholder="Channel, person or action"
              value={typed}
              onChange={(event) => {
                setTyped(event.target.value);
                setAt(0);
              }}
              onKeyDown={press}
            />
            <kbd aria-hidden>Esc</kbd>
          </div>
          <div ref={list} id={`${id}-list`} role="listbox" aria-label="Found" className="switcher-list">
            {groups.map(({ title, entries }) => (
              <div key={title} role="group" aria-label={title}>
                <p aria-hidden className="switcher-title">
                  {title}
                </p>
                {entries.map(option)}
              </div>
            ))}
            {searching.length > 0 && (
              <div role="group" aria-label="Messages">
                <p aria-hidden className="switcher-title">
                  {groups.length === 0 ? 'Nothing is called like that' : 'Messages'}
                </p>
                {searching.map(option)}
              </div>
            )}
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
