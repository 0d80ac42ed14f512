import { isHubError, limits } from '@parley/hub-protocol';
import { call } from '../hub/sign-in.ts';
import { sentenceOf } from '../hub/problem.ts';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { Notice } from '../ui/notice.tsx';
import { useWork } from '../ui/use-work.ts';
import { dropCode } from './code.ts';
import { filled } from './filled.ts';

export interface SetUpFormProps {
  readonly code: string;
  /** Whether the code makes an owner, who chooses a handle. */
  readonly first: boolean;
  readonly onSignedIn: () => Promise<void>;
}

/** A code becomes a person with a password. */
export function SetUpForm({ code, first, onSignedIn }: SetUpFormProps) {
  const { run, busy, error } = useWork(async (form: HTMLFormElement) => {
    const { code = '', ...rest } = filled(form);
    await call('redeemSetupCode', { body: { code: code.trim(), ...rest } });
    dropCode();
    await onSignedIn();
  });
  const about = (field: string): string | undefined =>
    isHubError(error) && error.field === field ? sentenceOf(error) : undefined;
  const fields = ['code', 'displayName', 'handle', 'password'];
  const elsewhere = error !== undefined && !fields.some((field) => about(field) !== undefined);
  return (
    <form
      aria-label="Set up"
      onSubmit={(event) => {
        event.preventDefault();
        void run(event.currentTarget);
      }}
    >
      {elsewhere && <Notice tone="bad">{sentenceOf(error)}</Notice>}
      <Field
        label="Set-up code"
        name="code"
        defaultValue={code}
        autoComplete="one-time-code"
        spellCheck={false}
        error={about('code')}
        required
      />
      <Field
        label="Your name"
        name="displayName"
        autoComplete="name"
        maxLength={limits.displayName}
        error={about('displayName')}
        autoFocus={code !== ''}
      />
      {first && (
        <Field
          label="Handle"
          name="handle"
          autoComplete="username"
          autoCapitalize="none"
          hint="By which others mention you: lowercase letters, digits, “-”, “_” or “.”."
          error={about('handle')}
        />
      )}
      <Field
        label="Password"
        name="password"
        type="password"
        autoComplete="new-password"
        minLength={limits.passwordMin}
        hint={`At least ${limits.passwordMin} characters.`}
        error={about('password')}
        required
      />
      <Button tone="main" type="submit" disabled={busy}>
        Set up and sign in
      </Button>
    </form>
  );
}
