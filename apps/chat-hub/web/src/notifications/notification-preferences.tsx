import type { HubState } from '@parley/hub-client';
import type { NotificationLevel } from '@parley/hub-protocol';
import { useId, useMemo } from 'react';
import { useHub, useHubState } from '../hub/context.ts';
import { titleOf } from '../hub/names.ts';
import { sentenceOf } from '../hub/problem.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { useWork } from '../ui/use-work.ts';
import { chooseLevel, levels } from './choose-level.ts';
import { turnOff, turnOn, useDesktop, type Desktop } from './desktop.ts';
import { levelNames } from './levels.ts';
import './notifications.css';

/** For the preferences: whether the system tells, of what in general, and where it is otherwise. */
export function NotificationPreferences() {
  return (
    <div className="notification-preferences">
      <DesktopSwitch />
      <UsualLevel />
      <OwnChoices />
    </div>
  );
}

const sentences: Readonly<Record<Desktop, string>> = {
  on: 'You are notified while you look elsewhere.',
  off: 'Turned off in this browser.',
  undecided: 'Be notified while you look elsewhere. Your browser asks you first.',
  blocked: 'Your browser keeps this page from it. Allow notifications in the settings for this address.',
  unable: 'This browser cannot, or only over a secure address (https).',
};

function DesktopSwitch() {
  const state = useDesktop();
  const id = useId();
  const can = state !== 'blocked' && state !== 'unable';
  return (
    <section aria-labelledby={id}>
      <h3 id={id}>Desktop notifications</h3>
      <div className="notification-line">
        <p role="status">{sentences[state]}</p>
        {can && (
          <Button onClick={() => void (state === 'on' ? turnOff() : turnOn())}>
            {state === 'on' ? 'Turn off' : 'Turn on'}
          </Button>
        )}
      </div>
    </section>
  );
}

function UsualLevel() {
  const hub = useHub();
  const name = useId();
  const chosen = useHubState(({ defaultLevel }) => defaultLevel ?? 'mentions');
  const { run, error } = useWork((level: NotificationLevel) =>
    hub.call('setDefaultNotifications', { body: { level } }),
  );
  return (
    <fieldset>
      <legend>In channels, unless you choose otherwise there</legend>
      {error !== undefined && <Notice tone="bad">{sentenceOf(error)}</Notice>}
      {levels.map((level) => (
        <label key={level}>
          <input
            type="radio"
            name={name}
            value={level}
            checked={chosen === level}
            onChange={() => void run(level)}
          />
          {levelNames[level]}
        </label>
      ))}
      <p className="field-about">Of direct messages you are told all, unless you choose otherwise there.</p>
    </fieldset>
  );
}

/** Channels for which something is chosen; a text, so that it is the same while nothing changed. */
const chosenIds = ({ channels }: HubState): string =>
  [...channels].flatMap(([id, { reading }]) => (reading.level ? [id] : [])).join(' ');

function OwnChoices() {
  const id = useId();
  const ids = useHubState(chosenIds);
  const chosen = useMemo(() => ids.split(' ').filter((id) => id !== ''), [ids]);
  if (chosen.length === 0) return null;
  return (
    <section aria-labelledby={id}>
      <h3 id={id}>Chosen for a channel</h3>
      <ul>
        {chosen.map((channelId) => (
          <OwnChoice key={channelId} channelId={channelId} />
        ))}
      </ul>
    </section>
  );
}

function OwnChoice({ channelId }: { readonly channelId: string }) {
  const hub = useHub();
  const { run, busy, error } = useWork(() => chooseLevel(hub, channelId, null));
  const level = useHubState(({ channels }) => channels.get(channelId)?.reading.level);
  const title = useHubState((state) => {
    const channel = state.channels.get(channelId)?.channel;
    return channel === undefined ? '' : titleOf(channel, state);
  });
  return (
    <li>
      <div className="notification-line">
        <p>
          <b dir="auto">{title}</b> {level && levelNames[level]}
        </p>
        <Button disabled={busy} aria-label={`As usual in ${title}`} onClick={() => void run()}>
          As usual
        </Button>
      </div>
      {error !== undefined && <Notice tone="bad">{sentenceOf(error)}</Notice>}
    </li>
  );
}
