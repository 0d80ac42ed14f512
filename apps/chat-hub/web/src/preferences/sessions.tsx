import type { Session } from '@parley/hub-protocol';
import { Monitor } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import { sentenceOf } from '../hub/problem.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { useToasts } from '../ui/toasts.tsx';
import { useWork } from '../ui/use-work.ts';
import { browserName } from './browser-name.ts';
import { ownCall } from './own-calls.ts';
import { useTimeFormat } from './times.ts';

/** Where one is signed in. Each can be ended from here. */
export function Sessions() {
  const [sessions, setSessions] = useState<readonly Session[]>();
  const [fault, setFault] = useState<unknown>();
  const toasts = useToasts();
  const read = useCallback(async (): Promise<void> => {
    setFault(undefined);
    try {
      setSessions((await ownCall('listSessions')).items);
    } catch (error) {
      setFault(error);
    }
  }, []);
  useEffect(() => void read(), [read]);
  const ending = useWork(async (session: Session) => {
    await ownCall('revokeSession', { params: { sessionId: session.id } });
    await read();
    toasts.say('The session has ended.');
  });
  const endingAll = useWork(async () => {
    await ownCall('revokeOtherSessions');
    await read();
    toasts.say('All other sessions have ended.');
  });
  const error = ending.error ?? endingAll.error;
  const others = sessions?.filter(({ current }) => !current) ?? [];
  return (
    <section className="preferences-form" aria-labelledby="sessions-title">
      <h3 id="sessions-title">Where you are signed in</h3>
      {fault !== undefined && (
        <Notice tone="bad" action={{ label: 'Try again', onClick: () => void read() }}>
          Your sessions could not be read. {sentenceOf(fault)}.
        </Notice>
      )}
      {error !== undefined && <Notice tone="bad">{sentenceOf(error)}.</Notice>}
      <ul className="sessions" aria-busy={sessions === undefined && fault === undefined}>
        {sessions?.map((session) => (
          <SessionRow
            key={session.id}
            session={session}
            busy={ending.busy || endingAll.busy}
            onEnd={() => void ending.run(session)}
          />
        ))}
      </ul>
      {others.length > 1 && (
        <div className="preferences-end">
          <Button disabled={endingAll.busy} onClick={() => void endingAll.run()}>
            End all others
          </Button>
        </div>
      )}
    </section>
  );
}

interface SessionRowProps {
  readonly session: Session;
  readonly busy: boolean;
  readonly onEnd: () => void;
}

function SessionRow({ session, busy, onEnd }: SessionRowProps) {
  const moment = useTimeFormat('moment');
  const name = browserName(session.userAgent);
  return (
    <li>
      <Monitor aria-hidden size={18} />
      <div>
        <b>{name}</b>
        <small>
          {session.current ? 'This one' : `Seen ${moment.format(session.lastSeenAt)}`}
          {session.address !== null && ` · ${session.address}`}
        </small>
      </div>
      {!session.current && (
        <Button disabled={busy} aria-label={`End the session of ${name}`} onClick={onEnd}>
          End
        </Button>
      )}
    </li>
  );
}
