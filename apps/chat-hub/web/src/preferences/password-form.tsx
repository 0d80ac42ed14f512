import { isHubError, limits } from '@parley/hub-protocol';
import { useState } from 'react';
import { useSession, useUser } from '../hub/context.ts';
import { sentenceOf } from '../hub/problem.ts';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { Notice } from '../ui/notice.tsx';
import { useToasts } from '../ui/toasts.tsx';
import { useWork } from '../ui/use-work.ts';
import { ownCall } from './own-calls.ts';

/** Another password, by the one that there is. */
export function PasswordForm() {
  const { userId } = useSession();
  const me = useUser(userId);
  const toasts = useToasts();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const { run, busy, error } = useWork(async () => {
    await ownCall('changePassword', { body: { current, next } });
    setCurrent('');
    setNext('');
    toasts.say('Your password is changed. All your other sessions have ended.');
  });
  const wrong = isHubError(error) && error.code === 'WRONG_CREDENTIALS';
  const unfit = isHubError(error) && error.field === 'next';
  return (
    <form
      className="preferences-form"
      aria-label="Password"
      onSubmit={(event) => {
        event.preventDefault();
        void run();
      }}
    >
      <h3>Password</h3>
      {error !== undefined && !wrong && !unfit && <Notice tone="bad">{sentenceOf(error)}.</Notice>}
      {/* Keepers of passwords want to know whose it is. */}
      <input type="text" autoComplete="username" value={me?.handle ?? ''} readOnly hidden />
      <Field
        label="Current password"
        type="password"
        autoComplete="current-password"
        value={current}
        error={wrong ? 'This is not your password.' : undefined}
        required
        onChange={(event) => setCurrent(event.target.value)}
      />
      <Field
        label="New password"
        type="password"
        autoComplete="new-password"
        minLength={limits.passwordMin}
        maxLength={limits.password}
        value={next}
        hint={`At least ${limits.passwordMin} characters. All your other sessions end.`}
        error={unfit ? sentenceOf(error) : undefined}
        required
        onChange={(event) => setNext(event.target.value)}
      />
      <div className="preferences-end">
        <Button tone="main" type="submit" disabled={busy}>
          Change the password
        </Button>
      </div>
    </form>
  );
}
