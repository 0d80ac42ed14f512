import { limits, type Status } from '@parley/hub-protocol';
import { useState } from 'react';
import { useHub, useHubState, useSession } from '../hub/context.ts';
import { sentenceOf } from '../hub/problem.ts';
import { closeOverlay } from '../shell/overlay.ts';
import { noteStatus, useStatus } from '../sidebar/own-status.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { useToasts } from '../ui/toasts.tsx';
import { useWork } from '../ui/use-work.ts';
import { StatusWords } from './status-words.tsx';
import { useTimeFormat } from './times.ts';
import { endOf, spans, type Span } from './until.ts';

const availabilities = [
  ['', 'As you are here', 'Online while you are here, away after five minutes.'],
  ['online', 'Online', 'Also while you do nothing here.'],
  ['away', 'Away', 'Whatever you do.'],
  ['dnd', 'Do not disturb', 'You are told of nothing.'],
  ['invisible', 'Invisible', 'You seem not to be here.'],
] as const;

/** How one wants to be seen. */
export function StatusPage() {
  const { scopes } = useSession();
  const live = useHubState(({ connection }) => connection.phase === 'live');
  const status = useStatus();
  if (!scopes.has('write')) return <p>Who only reads here has no status.</p>;
  if (status === undefined)
    return (
      <p aria-busy={live}>
        {live ? 'Reading your status…' : 'Your status can be changed when there is a connection.'}
      </p>
    );
  return <StatusForm status={status} />;
}

function StatusForm({ status }: { readonly status: Status }) {
  const hub = useHub();
  const toasts = useToasts();
  const moment = useTimeFormat('moment');
  const [availability, setAvailability] = useState<(typeof availabilities)[number][0]>(
    status.availability ?? '',
  );
  const [emoji, setEmoji] = useState(status.emoji ?? '');
  const [words, setWords] = useState(status.customStatus ?? '');
  const [span, setSpan] = useState<Span | 'kept'>(status.until === null ? 'today' : 'kept');
  const isSet = status.availability !== null || status.customStatus !== null || status.emoji !== null;
  const done = (next: Status, said: string): void => {
    noteStatus(next);
    toasts.say(said);
    closeOverlay();
  };
  const saving = useWork(async () => {
    const until = span === 'kept' ? status.until : endOf(span);
    const next = await hub.call('setStatus', {
      body: {
        availability: availability === '' ? null : availability,
        customStatus: words.trim() === '' ? null : words.trim(),
        emoji: emoji.trim() === '' ? null : emoji.trim(),
        until,
      },
    });
    done(next, 'Your status is set.');
  });
  const clearing = useWork(async () => {
    await hub.call('clearStatus');
    done({ availability: null, customStatus: null, emoji: null, until: null }, 'Your status is cleared.');
  });
  const error = saving.error ?? clearing.error;
  const busy = saving.busy || clearing.busy;
  return (
    <form
      className="preferences-form"
      onSubmit={(event) => {
        event.preventDefault();
        void saving.run();
      }}
    >
      {error !== undefined && <Notice tone="bad">{sentenceOf(error)}.</Notice>}
      <StatusWords
        emoji={emoji}
        words={words}
        most={limits.customStatus}
        onEmoji={setEmoji}
        onWords={setWords}
        onSpan={setSpan}
      />
      <label className="field">
        <span>Until</span>
        <select
          value={span}
          onChange={(event) => {
            const chosen = spans.find(([value]) => value === event.target.value);
            setSpan(chosen?.[0] ?? 'kept');
          }}
        >
          {status.until !== null && <option value="kept">{moment.format(status.until)}</option>}
          {spans.map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      </label>
      <fieldset className="availabilities">
        <legend>How you are seen</legend>
        {availabilities.map(([value, title, text]) => (
          <label key={value}>
            <input
              type="radio"
              name="availability"
              checked={availability === value}
              onChange={() => setAvailability(value)}
            />
            <span>
              {title}
              <small>{text}</small>
            </span>
          </label>
        ))}
      </fieldset>
      <div className="preferences-end">
        {isSet && (
          <Button disabled={busy} onClick={() => void clearing.run()}>
            Clear the status
          </Button>
        )}
        <Button tone="main" type="submit" disabled={busy}>
          Set the status
        </Button>
      </div>
    </form>
  );
}
