import { UserPlus } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { useAsker } from '../parts/use-asker.tsx';
import type { AdminPageProps } from '../pages.ts';
import { NewPerson } from './new-person.tsx';
import { OpenCodes } from './open-codes.tsx';
import { setupTold } from './setup-told.ts';
import { UserList } from './user-list.tsx';
import { UserPage } from './user-page.tsx';

/** Everybody who is a person, and who of them could come in. */
export function PeoplePage({ rest: [userId] }: AdminPageProps) {
  return userId === undefined ? <People /> : <UserPage userId={userId} />;
}

function People() {
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState(0);
  const asker = useAsker();
  return (
    <>
      <PageHead title="People" about="Who takes part, what they may do, and how they come in.">
        <Button tone="main" onClick={() => setMaking(true)}>
          <UserPlus aria-hidden size={16} /> Add a person
        </Button>
      </PageHead>
      <UserList key={`list ${made}`} kind="person" />
      <OpenCodes key={`codes ${made}`} />
      {making && (
        <NewPerson
          onClose={() => setMaking(false)}
          onMade={(user, setup) => {
            setMade((count) => count + 1);
            asker.tell(setupTold(user, setup));
          }}
        />
      )}
      {asker.dialogs}
    </>
  );
}
