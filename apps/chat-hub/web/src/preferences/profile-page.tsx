import { isHubError, limits } from '@parley/hub-protocol';
import { useId, useState } from 'react';
import { useHub, useSession, useUser } from '../hub/context.ts';
import { sentenceOf } from '../hub/problem.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { Notice } from '../ui/notice.tsx';
import { useToasts } from '../ui/toasts.tsx';
import { useWork } from '../ui/use-work.ts';

/** What somebody tells of themselves. */
export function ProfilePage() {
  const { userId } = useSession();
  const me = useUser(userId);
  // Its fields begin with what is known.
  return me === undefined ? <p aria-busy>Reading your profile…</p> : <ProfileForm userId={userId} />;
}

function ProfileForm({ userId }: { readonly userId: string }) {
  const hub = useHub();
  const { scopes } = useSession();
  const me = useUser(userId);
  const id = useId();
  const toasts = useToasts();
  const [displayName, setDisplayName] = useState(me?.displayName ?? '');
  const [bio, setBio] = useState(me?.bio ?? '');
  const [avatar, setAvatar] = useState(me?.avatar ?? '');
  const changes = {
    ...(displayName.trim() !== me?.displayName && { displayName: displayName.trim() }),
    ...(bio !== me?.bio && { bio }),
    ...(avatar.trim() !== (me?.avatar ?? '') && { avatar: avatar.trim() === '' ? null : avatar.trim() }),
  };
  const changed = Object.keys(changes).length > 0;
  const { run, busy, error } = useWork(async () => {
    await hub.call('updateMe', { body: changes });
    toasts.say('Your profile is saved.');
  });
  const about = (field: string): string | undefined =>
    isHubError(error) && error.field === field ? sentenceOf(error) : undefined;
  const elsewhere = error !== undefined && ['displayName', 'bio', 'avatar'].every((field) => !about(field));
  if (!scopes.has('write'))
    return <p>Your profile is looked after by who runs the workspace: you read here.</p>;
  return (
    <form
      className="preferences-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (changed) void run();
      }}
    >
      {elsewhere && <Notice tone="bad">{sentenceOf(error)}.</Notice>}
      <div className="preferences-me">
        <Avatar userId={userId} size={56} />
        <span>
          <b dir="auto">{me?.displayName}</b>
          <span>@{me?.handle}</span>
        </span>
      </div>
      <Field
        label="Name"
        dir="auto"
        autoComplete="name"
        value={displayName}
        maxLength={limits.displayName}
        error={about('displayName')}
        required
        onChange={(event) => setDisplayName(event.target.value)}
      />
      <div className="field">
        <label htmlFor={id}>About you</label>
        <textarea
          id={id}
          dir="auto"
          rows={3}
          value={bio}
          maxLength={limits.bio}
          onChange={(event) => setBio(event.target.value)}
        />
        {about('bio') !== undefined && (
          <p className="field-about" data-bad>
            {about('bio')}
          </p>
        )}
      </div>
      <Field
        label="Picture"
        type="url"
        value={avatar}
        maxLength={limits.avatar}
        placeholder="https://…"
        hint="The address of a picture. Without one, the hub draws one for you."
        error={about('avatar')}
        onChange={(event) => setAvatar(event.target.value)}
      />
      <div className="preferences-end">
        <Button tone="main" type="submit" disabled={busy || !changed}>
          Save
        </Button>
      </div>
    </form>
  );
}
