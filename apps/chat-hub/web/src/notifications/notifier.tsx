import { useEffect } from 'react';
import { useHub, useHubState, useSession } from '../hub/context.ts';
import { titleOf } from '../hub/names.ts';
import { usePlace } from '../shell/place.ts';
import { Announcer } from './announcer.tsx';
import { inOnePage, shareAttention } from './attention.ts';
import { desktop, useDesktop } from './desktop.ts';
import { countAll } from './levels.ts';
import { remindWhenMissed } from './reminder.ts';
import { showCount } from './show-count.ts';

/** Tells of what is said while somebody looks elsewhere. */
export function Notifier() {
  const { userId, workspace } = useSession();
  const hub = useHub();
  const { view, channelId = '' } = usePlace();
  const count = useHubState(countAll);
  const where = useHubState((state) => {
    const channel = state.channels.get(channelId)?.channel;
    if (view === 'admin') return 'Administration';
    if (channel === undefined) return '';
    return channel.name === null ? titleOf(channel, state) : `#${channel.name}`;
  });
  useEffect(() => {
    const place = where === '' ? workspace : `${where} – ${workspace}`;
    document.title = count === 0 ? place : `(${count}) ${place}`;
  }, [count, where, workspace]);
  useEffect(() => showCount(count), [count]);
  useEffect(
    () => () => {
      document.title = workspace;
      showCount(0);
    },
    [workspace],
  );
  useEffect(() => {
    const end = new AbortController();
    const { signal } = end;
    remindWhenMissed(hub, signal);
    if (desktop() !== 'unable') shareAttention(signal);
    return () => end.abort();
  }, [hub]);
  const isOn = useDesktop() === 'on';
  useEffect(() => {
    if (!isOn) return undefined;
    const end = new AbortController();
    const { signal } = end;
    // Loaded before the page takes it upon itself to tell: whoever does, hears all from then on.
    const begin = async (): Promise<void> => {
      const { tellByTheSystem } = await import('./teller.ts');
      if (!signal.aborted) inOnePage(userId, signal, () => tellByTheSystem(hub, signal));
    };
    void begin().catch(() => {});
    return () => end.abort();
  }, [hub, userId, isOn]);
  return <Announcer />;
}
