import { useState } from 'react';
import { isOwned, workspace } from '../hub/sign-in.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { takeCode } from './code.ts';
import { SetUpForm } from './set-up-form.tsx';
import { SignInForm } from './sign-in-form.tsx';
import './entrance.css';

export interface EntranceProps {
  /** Why somebody is here who was not a moment ago. */
  readonly why: string | undefined;
  readonly onSignedIn: () => Promise<void>;
}

/** What who is not signed in sees. Until somebody owns the workspace, there is nobody who could sign in. */
export function Entrance({ why, onSignedIn }: EntranceProps) {
  const [code] = useState(takeCode);
  const owned = isOwned();
  const [form, setForm] = useState<'sign-in' | 'set-up'>(owned && code === '' ? 'sign-in' : 'set-up');
  return (
    <main className="entrance">
      <div className="entrance-card">
        <header>
          <img src="/icon.svg" alt="" width={44} height={44} />
          <h1>{workspace}</h1>
        </header>
        {why !== undefined && <Notice>{why}</Notice>}
        {!owned && (
          <p className="entrance-hint">
            Nobody owns this workspace yet. The code that makes you its owner stands where the hub was
            started. It is good for ten minutes; when it has run out, opening this page shows a new one there.
          </p>
        )}
        {form === 'sign-in' ? (
          <SignInForm onSignedIn={onSignedIn} />
        ) : (
          <SetUpForm code={code} first={!owned} onSignedIn={onSignedIn} />
        )}
        {owned && (
          <Button tone="link" onClick={() => setForm(form === 'sign-in' ? 'set-up' : 'sign-in')}>
            {form === 'sign-in' ? 'I have a set-up code' : 'I have a password'}
          </Button>
        )}
      </div>
    </main>
  );
}
