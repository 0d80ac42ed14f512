import { Button } from '../../ui/button.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { callAny } from '../../hub/call-any.ts';
import { Section } from '../parts/page-head.tsx';
import { ListTable } from '../parts/list-table.tsx';
import { Person } from '../parts/person.tsx';
import { useAsker } from '../parts/use-asker.tsx';
import { useList } from '../parts/use-list.ts';
import { When } from '../parts/when.tsx';

/** Who could come in by a code that was not used yet. */
export function OpenCodes() {
  const { say } = useToasts();
  const asker = useAsker();
  const list = useList(async (_, signal) => ({
    ...(await callAny('listSetupCodes', { signal })),
    next: null,
  }));
  const end = (userId: string): void =>
    asker.ask({
      title: 'Revoke the set-up code?',
      what: 'Whoever has it cannot come in by it any more. You can make another one at any time.',
      yes: 'Revoke',
      async work() {
        await callAny('deleteSetupCode', { params: { userId } });
        list.change((codes) => codes.filter((code) => code.userId !== userId));
        say('The code is revoked.');
      },
    });
  return (
    <Section
      title="Open set-up codes"
      about="Each works once. The codes themselves are shown to nobody again."
    >
      <ListTable
        caption="Open set-up codes"
        keyOf={({ userId }) => userId}
        list={list}
        empty="No set-up code is open."
        columns={[
          { head: 'For', cell: ({ userId }) => <Person userId={userId} /> },
          { head: 'Made', cell: ({ createdAt }) => <When at={createdAt} /> },
          { head: 'Ends', cell: ({ expiresAt }) => <When at={expiresAt} /> },
          {
            head: 'Actions',
            actions: true,
            cell: ({ userId }) => <Button onClick={() => end(userId)}>Revoke</Button>,
          },
        ]}
      />
      {asker.dialogs}
    </Section>
  );
}
