import { useCallback, useEffect, useState } from 'react';
import { SessionContext, type Session } from './hub/context.ts';
import { sentenceOf } from './hub/problem.ts';
import { openSession } from './hub/sign-in.ts';
import { Workspace } from './shell/workspace.tsx';
import { later } from './ui/later.tsx';
import { Notice } from './ui/notice.tsx';
import { ToastProvider } from './ui/toasts.tsx';

const starting = () => <div className="starting" aria-busy="true" />;

/** Who is signed in does not see it. */
const Entrance = later(() => import('./entrance/entrance.tsx').then((part) => part.Entrance), starting);

type Stage =
  | { readonly at: 'start' }
  | { readonly at: 'entrance'; readonly why?: string }
  | { readonly at: 'workspace'; readonly session: Session }
  | { readonly at: 'failed'; readonly error: unknown };

/** From the first look at the session to the workspace, and back when it ends. */
export function App() {
  const [stage, setStage] = useState<Stage>({ at: 'start' });
  const begin = useCallback(async (): Promise<void> => {
    try {
      const session = await openSession(() => setStage({ at: 'entrance' }));
      setStage(session === undefined ? { at: 'entrance' } : { at: 'workspace', session });
    } catch (error) {
      setStage({ at: 'failed', error });
    }
  }, []);
  useEffect(() => void begin(), [begin]);
  const session = stage.at === 'workspace' ? stage.session : undefined;
  useEffect(() => {
    if (session === undefined) return undefined;
    const { hub } = session;
    return hub.subscribe(() => {
      const { connection } = hub.snapshot();
      if (connection.phase === 'closed' && connection.reason === 'sign-in')
        setStage({ at: 'entrance', why: 'Your session has ended. Sign in again.' });
    });
  }, [session]);

  if (stage.at === 'start') return starting();
  if (stage.at === 'failed')
    return (
      <main className="starting">
        <Notice tone="bad" action={{ label: 'Try again', onClick: () => void begin() }}>
          The workspace cannot be reached. {sentenceOf(stage.error)}
        </Notice>
      </main>
    );
  if (stage.at === 'entrance') return <Entrance why={stage.why} onSignedIn={begin} />;
  return (
    <SessionContext value={stage.session}>
      <ToastProvider>
        <Workspace />
      </ToastProvider>
    </SessionContext>
  );
}
