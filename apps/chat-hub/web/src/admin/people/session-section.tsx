import type { User } from '@parley/hub-protocol';
import { Button } from '../../ui/button.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { callAny } from '../../hub/call-any.ts';
import { Chip } from '../parts/chip.tsx';
import { ListTable } from '../parts/list-table.tsx';
import { Section } from '../parts/page-head.tsx';
import { useAsker } from '../parts/use-asker.tsx';
import { useList } from '../parts/use-list.ts';
import { When } from '../parts/when.tsx';
import { browserOf } from './user-agent.ts';

/** Where somebody is signed in. */
export function SessionSection({ user: { id: userId, displayName } }: { readonly user: User }) {
  const { say } = useToasts();
  const asker = useAsker();
  const list = useList(async (_, signal) => ({
    ...(await callAny('listUserSessions', { params: { userId }, signal })),
    next: null,
  }));
  const end = (sessionId: string, what: string): void =>
    asker.ask({
      title: 'End this session?',
      what: `${displayName} is signed out of ${what} at once. What they have not sent there is lost.`,
      yes: 'End it',
      async work() {
        await callAny('revokeUserSession', { params: { userId, sessionId } });
        list.change((sessions) => sessions.filter(({ id }) => id !== sessionId));
        say('The session has ended.');
      },
    });
  const endAll = (): void =>
    asker.ask({
      title: `Sign ${displayName} out everywhere?`,
      what: 'All their sessions end at once. Tokens go on working, and so does their password.',
      yes: 'Sign out everywhere',
      async work() {
        await callAny('revokeUserSessions', { params: { userId } });
        list.reload();
        say(`${displayName} is signed out everywhere.`);
      },
    });
  return (
    <Section
      title="Sessions"
      about="Where they are signed in with their password."
      actions={(list.rows?.length ?? 0) > 0 && <Button onClick={endAll}>Sign out everywhere</Button>}
    >
      <ListTable
        caption={`Sessions of ${displayName}`}
        keyOf={({ id }) => id}
        list={list}
        empty={`${displayName} is signed in nowhere.`}
        columns={[
          {
            head: 'Browser',
            cell: ({ userAgent, current }) => (
              <span title={userAgent ?? undefined}>
                {browserOf(userAgent)} {current && <Chip tone="good">this one</Chip>}
              </span>
            ),
          },
          { head: 'Address', cell: ({ address }) => <span className="code">{address ?? 'unknown'}</span> },
          { head: 'Last seen', cell: ({ lastSeenAt }) => <When at={lastSeenAt} /> },
          { head: 'Since', cell: ({ createdAt }) => <When at={createdAt} /> },
          {
            head: 'Actions',
            actions: true,
            cell: ({ id, userAgent }) => <Button onClick={() => end(id, browserOf(userAgent))}>End</Button>,
          },
        ]}
      />
      {asker.dialogs}
    </Section>
  );
}
