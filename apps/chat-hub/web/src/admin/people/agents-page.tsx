import { Bot } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { useAsker } from '../parts/use-asker.tsx';
import type { AdminPageProps } from '../pages.ts';
import { NewAgent } from './new-agent.tsx';
import { UserList } from './user-list.tsx';
import { UserPage } from './user-page.tsx';

/** Everybody who is a program. */
export function AgentsPage({ rest: [userId] }: AdminPageProps) {
  return userId === undefined ? <Agents /> : <UserPage userId={userId} />;
}

function Agents() {
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState(0);
  const asker = useAsker();
  return (
    <>
      <PageHead
        title="Agents"
        about="Programs that take part with the same rights as people. A person answers for each of them."
      >
        <Button tone="main" onClick={() => setMaking(true)}>
          <Bot aria-hidden size={16} /> Add an agent
        </Button>
      </PageHead>
      <UserList key={made} kind="agent" />
      {making && (
        <NewAgent
          onClose={() => setMaking(false)}
          onMade={(told) => {
            setMade((count) => count + 1);
            asker.tell(told);
          }}
        />
      )}
      {asker.dialogs}
    </>
  );
}
