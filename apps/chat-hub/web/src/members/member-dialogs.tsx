import { limits, roles, type Channel, type Member, type Role } from '@parley/hub-protocol';
import { useState, type ReactNode } from 'react';
import { actsOn, type Standing } from '../channel/rights.ts';
import { callAny } from '../hub/call-any.ts';
import { sentenceOf } from '../hub/problem.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { Notice } from '../ui/notice.tsx';
import { SelectField } from '../ui/select-field.tsx';
import { useToasts } from '../ui/toasts.tsx';
import { useWork } from '../ui/use-work.ts';

export type Asked = 'role' | 'mute' | 'timeout' | 'remove';

export interface MemberDialogsProps {
  readonly asked: Asked;
  readonly member: Member;
  readonly name: string;
  readonly channel: Channel;
  readonly standing: Standing;
  readonly onClose: () => void;
}

const hour = 3_600;
const times = [
  [5 * 60, '5 minutes'],
  [hour, '1 hour'],
  [8 * hour, '8 hours'],
  [24 * hour, '1 day'],
  [7 * 24 * hour, '7 days'],
] as const;

const meanings: Readonly<Record<Role, string>> = {
  owner: 'Owner: everything, also deleting the channel',
  admin: 'Admin: manages the channel and its members',
  member: 'Member: reads and writes',
  observer: 'Observer: only reads',
};

/** What is asked before something is done with a member, and done then. */
export function MemberDialogs({ asked, member, name, channel, standing, onClose }: MemberDialogsProps) {
  const toasts = useToasts();
  const [role, setRole] = useState<Role>(member.role);
  const [seconds, setSeconds] = useState(String(hour));
  const [reason, setReason] = useState('');
  const { userId } = member;
  const params = { channelId: channel.id, userId };
  const because = reason.trim() === '' ? {} : { reason: reason.trim() };
  const ways = {
    role: {
      title: `The role of ${name}`,
      button: 'Save',
      about: undefined,
      act: () => callAny('putMember', { params, body: { role } }),
      done: `The role of ${name} is now: ${role}.`,
    },
    mute: {
      title: `Mute ${name}?`,
      button: 'Mute',
      about: 'They go on reading, and write nothing in this channel until then.',
      act: () =>
        callAny('muteMember', {
          params,
          body: { ...(seconds !== '' && { seconds: Number(seconds) }), ...because },
        }),
      done: `${name} is muted.`,
    },
    timeout: {
      title: `Time-out for ${name}?`,
      button: 'Begin the time-out',
      about: 'Until then they read, and do nothing else in the whole workspace.',
      act: () =>
        callAny('timeOutUser', { params: { userId }, body: { seconds: Number(seconds), ...because } }),
      done: `${name} is in a time-out.`,
    },
    remove: {
      title: `Remove ${name}?`,
      button: 'Remove',
      about:
        channel.kind === 'public'
          ? 'They hear no more of this channel. As it is public, they can join again.'
          : 'They cannot read this channel any more, until somebody adds them again.',
      act: () => callAny('deleteMember', { params }),
      done: `${name} is not in the channel any more.`,
    },
  } as const;
  const way = ways[asked];
  const work = useWork(async () => {
    await way.act();
    toasts.say(way.done);
    onClose();
  });
  const fields: Readonly<Record<Asked, ReactNode>> = {
    role: (
      <SelectField
        label="Role"
        value={role}
        onChange={({ target }) => setRole(roles.find((each) => each === target.value) ?? role)}
        choices={roles
          .filter((each) => each === member.role || actsOn(standing, each))
          .map((each) => ({ value: each, label: meanings[each] }))}
      />
    ),
    mute: <TimeField value={seconds} onChange={setSeconds} endless="Until somebody ends it" />,
    timeout: <TimeField value={seconds} onChange={setSeconds} />,
    remove: null,
  };
  return (
    <Dialog title={way.title} open onClose={onClose} size="small">
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void work.run();
        }}
      >
        {way.about && <p>{way.about}</p>}
        {fields[asked]}
        {(asked === 'mute' || asked === 'timeout') && (
          <Field
            label="Reason (optional)"
            hint="Kept in the audit log"
            dir="auto"
            value={reason}
            maxLength={limits.reason}
            onChange={(event) => setReason(event.target.value)}
          />
        )}
        {work.error !== undefined && <Notice tone="bad">{sentenceOf(work.error)}</Notice>}
        <div className="dialog-foot">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" tone={asked === 'role' ? 'main' : 'danger'} disabled={work.busy}>
            {way.button}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

interface TimeFieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** What it is called that nothing ends it; without it, something does. */
  readonly endless?: string;
}

function TimeField({ value, onChange, endless }: TimeFieldProps) {
  const choices = times.map(([seconds, label]) => ({ value: String(seconds), label }));
  return (
    <SelectField
      label="For how long"
      value={value}
      onChange={({ target }) => onChange(target.value)}
      choices={endless === undefined ? choices : [...choices, { value: '', label: endless }]}
    />
  );
}
