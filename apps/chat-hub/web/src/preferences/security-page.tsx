import { useSession } from '../hub/context.ts';
import { closeOverlay } from '../shell/overlay.ts';
import { hashOf } from '../shell/place.ts';
import { PasswordForm } from './password-form.tsx';
import { Sessions } from './sessions.tsx';

/** By what one comes in, and where one is in. */
export function SecurityPage() {
  const { scopes } = useSession();
  return (
    <>
      <PasswordForm />
      <Sessions />
      {scopes.has('manage') && <OwnTokens />}
    </>
  );
}

function OwnTokens() {
  return (
    <section aria-labelledby="own-tokens">
      <h3 id="own-tokens">Your tokens</h3>
      <p className="field-about">Programs and agents come in by a token, without your password.</p>
      <a href={hashOf({ view: 'admin', page: 'tokens' })} onClick={closeOverlay}>
        See and make your tokens
      </a>
    </section>
  );
}
