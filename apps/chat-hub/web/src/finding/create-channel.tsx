import { isHubError, limits } from '@parley/hub-protocol';
import { Hash, Lock } from 'lucide-react';
import { useState } from 'react';
import { useHub } from '../hub/context.ts';
import { sentenceOf } from '../hub/problem.ts';
import { PeoplePicker } from '../people/people-picker.tsx';
import { closeOverlay } from '../shell/overlay.ts';
import { go } from '../shell/place.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { Notice } from '../ui/notice.tsx';
import { useWork } from '../ui/use-work.ts';
import { asChannelName, faultOf } from './channel-name.ts';
import './finding.css';

const kinds = [
  { kind: 'public', icon: Hash, title: 'Public', text: 'Everybody finds it, and can join.' },
  { kind: 'private', icon: Lock, title: 'Private', text: 'Only for those who are invited.' },
] as const;

/** Makes a channel, and goes there. */
export function CreateChannel() {
  const hub = useHub();
  const [name, setName] = useState('');
  const [left, setLeft] = useState(false);
  const [kind, setKind] = useState<'public' | 'private'>('public');
  const [topic, setTopic] = useState('');
  const [members, setMembers] = useState<readonly string[]>([]);
  const fault = faultOf(name);
  const { run, busy, error, clear } = useWork(async () => {
    const { id } = await hub.call('createChannel', {
      body: { kind, name, ...(topic.trim() !== '' && { topic: topic.trim() }), members: [...members] },
    });
    closeOverlay();
    go({ view: 'channel', channelId: id });
  });
  const ofName = isHubError(error) && (error.field === 'name' || error.code === 'NAME_TAKEN');
  const told = ofName ? sentenceOf(error) : left ? fault : undefined;
  return (
    <Dialog title="Create a channel" open onClose={closeOverlay}>
      <form
        className="finding-form"
        onSubmit={(event) => {
          event.preventDefault();
          setLeft(true);
          if (fault === undefined) void run();
        }}
      >
        {error !== undefined && !ofName && <Notice tone="bad">{sentenceOf(error)}.</Notice>}
        <Field
          label="Name"
          value={name}
          autoFocus
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          placeholder="weekly-plans"
          hint="Small letters, digits, “-” and “_”. Blanks become “-”."
          error={told}
          onChange={(event) => {
            clear();
            setName(asChannelName(event.target.value));
          }}
          onBlur={() => setLeft(name !== '')}
        />
        <fieldset className="choices">
          <legend>Who may come</legend>
          {kinds.map(({ kind: one, icon: Icon, title, text }) => (
            <label key={one} className="choice">
              <input type="radio" name="kind" checked={kind === one} onChange={() => setKind(one)} />
              <Icon aria-hidden size={18} />
              <span>
                <b>{title}</b>
                <small>{text}</small>
              </span>
            </label>
          ))}
        </fieldset>
        <Field
          label="Topic"
          dir="auto"
          value={topic}
          maxLength={limits.topic}
          placeholder="What it is about (optional)"
          onChange={(event) => setTopic(event.target.value)}
        />
        <PeoplePicker
          label="First members"
          hint="People and agents. You are in it yourself; others can come later."
          chosen={members}
          onChange={setMembers}
          most={limits.page}
        />
        <div className="finding-end">
          <Button onClick={closeOverlay}>Cancel</Button>
          <Button tone="main" type="submit" disabled={busy}>
            Create the channel
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
