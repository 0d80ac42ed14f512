import { PasswordForm } from './password-form.tsx';
import { Sessions } from './sessions.tsx';

/** By what one comes in, and where one is in. */
export function SecurityPage() {
  return (
    <>
      <PasswordForm />
      <Sessions />
    </>
  );
}
