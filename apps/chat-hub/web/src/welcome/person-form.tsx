import { callHubAsAdmin } from '@parley/hub-client/admin';
import { useState } from 'react';
import { filled } from '../entrance/filled.ts';
import { url } from '../hub/sign-in.ts';
import { momentOf } from '../preferences/times.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { useWork } from '../ui/use-work.ts';
import { Copyable } from './copyable.tsx';
import { NameFields } from './name-fields.tsx';
import { wrongElsewhere } from './wrong-field.ts';

interface Invited {
  readonly name: string;
  readonly link: string;
  readonly until: string;
}

/** Makes somebody, and the link by which they come in. */
export function PersonForm({ onDone }: { readonly onDone: () => void }) {
  const [invited, setInvited] = useState<Invited>();
  const { run, busy, error } = useWork(async (form: HTMLFormElement) => {
    const { displayName = '', handle = '' } = filled(form);
    const body = { kind: 'person', displayName, handle } as const;
    const { user, setup } = await callHubAsAdmin({ url })('createUser', { body });
    const until = momentOf(setup.expiresAt);
    setInvited({ name: user.displayName, link: `${url}/#setup=${setup.code}`, until });
  });
  if (invited !== undefined)
    return (
      <div className="welcome-form">
        <p>
          Give <b dir="auto">{invited.name}</b> this link. It works once, until {invited.until}; a new one can
          be made in the administration.
        </p>
        <Copyable label="The invitation" text={invited.link} />
        <Button tone="main" onClick={onDone}>
          Done
        </Button>
      </div>
    );
  const elsewhere = wrongElsewhere(error, ['displayName', 'handle']);
  return (
    <form
      className="welcome-form"
      aria-label="Invite a person"
      onSubmit={(event) => {
        event.preventDefault();
        void run(event.currentTarget);
      }}
    >
      {elsewhere && <Notice tone="bad">{elsewhere}.</Notice>}
      <NameFields error={error} example="Grace Hopper" />
      <Button tone="main" type="submit" disabled={busy}>
        Make the invitation
      </Button>
    </form>
  );
}
