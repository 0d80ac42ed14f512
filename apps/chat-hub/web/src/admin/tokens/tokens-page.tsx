import { useHubState, useSession, useUser } from '../../hub/context.ts';
import { Waiting } from '../parts/list-table.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { TokenSection } from './token-section.tsx';

/** The tokens that somebody looks after without running the workspace: their own, and those of their agents. */
export function TokensPage() {
  const { userId } = useSession();
  const me = useUser(userId);
  const users = useHubState((state) => state.users);
  const agents = [...users.values()].filter(
    ({ ownerId, deactivatedAt }) => ownerId === userId && deactivatedAt === null,
  );
  return (
    <>
      <PageHead
        title="Your tokens"
        about="A token lets a program in without a password. Give each program one of its own, with no more than it needs, and revoke it when it is not needed any more."
      />
      {me === undefined ? <Waiting /> : <TokenSection user={me} />}
      {agents.map((agent) => (
        <TokenSection key={agent.id} user={agent} />
      ))}
    </>
  );
}
