import { call } from '../hub/sign-in.ts';
import { sentenceOf } from '../hub/problem.ts';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { Notice } from '../ui/notice.tsx';
import { useWork } from '../ui/use-work.ts';
import { filled } from './filled.ts';

export function SignInForm({ onSignedIn }: { readonly onSignedIn: () => Promise<void> }) {
  const { run, busy, error } = useWork(async (form: HTMLFormElement) => {
    const { handle = '', password = '' } = filled(form);
    await call('createSession', { body: { handle, password } });
    await onSignedIn();
  });
  return (
    <form
      aria-label="Sign in"
      onSubmit={(event) => {
        event.preventDefault();
        void run(event.currentTarget);
      }}
    >
      {error !== undefined && <Notice tone="bad">{sentenceOf(error)}</Notice>}
      <Field label="Handle" name="handle" autoComplete="username" autoCapitalize="none" required />
      <Field label="Password" name="password" type="password" autoComplete="current-password" required />
      <Button tone="main" type="submit" disabled={busy}>
        Sign in
      </Button>
    </form>
  );
}
