import type { Token, User } from '@parley/hub-protocol';
import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import { useSession } from '../../hub/context.ts';
import { Button } from '../../ui/button.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { callAny } from '../../hub/call-any.ts';
import { Chip } from '../parts/chip.tsx';
import { ListTable } from '../parts/list-table.tsx';
import { Section } from '../parts/page-head.tsx';
import { useAsker } from '../parts/use-asker.tsx';
import { useList } from '../parts/use-list.ts';
import { When } from '../parts/when.tsx';
import { NewToken } from './new-token.tsx';
import { tokenTold } from './token-told.ts';

const isOpen = ({ revokedAt, expiresAt }: Token): boolean =>
  revokedAt === null && (expiresAt === null || expiresAt > Date.now());

/** The tokens of somebody: what they may, when they were used, and how they end. */
export function TokenSection({ user }: { readonly user: User }) {
  const { say } = useToasts();
  const asker = useAsker();
  const mine = useSession().userId === user.id;
  const [making, setMaking] = useState(false);
  const { id: userId, displayName } = user;
  const list = useList((cursor, signal) => callAny('listTokens', { query: { userId, cursor }, signal }));
  const open = list.rows?.filter(isOpen).length ?? 0;
  const revoke = ({ id, name }: Token): void =>
    asker.ask({
      title: `Revoke “${name}”?`,
      what: 'Every program that uses this token is cut off at once, and cannot come back with it.',
      yes: 'Revoke',
      async work() {
        await callAny('revokeToken', { params: { tokenId: id } });
        const revokedAt = Date.now();
        list.change((tokens) => tokens.map((token) => (token.id === id ? { ...token, revokedAt } : token)));
        say('The token is revoked.');
      },
    });
  const revokeAll = (): void =>
    asker.ask({
      title: mine ? 'Revoke all your tokens?' : `Revoke all tokens of ${displayName}?`,
      what: `Every program that uses one of them is cut off at once. Sessions go on.`,
      yes: 'Revoke all',
      async work() {
        const { revoked } = await callAny('revokeUserTokens', { params: { userId } });
        list.reload();
        say(revoked === 1 ? 'One token is revoked.' : `${revoked} tokens are revoked.`);
      },
    });
  return (
    <Section
      title={mine ? 'Your tokens' : `Tokens of ${displayName}`}
      about={
        mine
          ? 'Programs that do something in your name prove it by these.'
          : `Programs prove by these that they are ${displayName}.`
      }
      actions={
        <>
          {open > 1 && <Button onClick={revokeAll}>Revoke all</Button>}
          <Button onClick={() => setMaking(true)}>
            <KeyRound aria-hidden size={15} /> New token
          </Button>
        </>
      }
    >
      <ListTable
        caption={mine ? 'Your tokens' : `Tokens of ${displayName}`}
        keyOf={({ id }) => id}
        list={list}
        empty="There is no token yet."
        columns={[
          { head: 'For', cell: ({ name }) => <bdi>{name}</bdi> },
          { head: 'May', cell: ({ scopes }) => <span className="soft">{scopes.join(', ')}</span> },
          { head: 'Made', cell: ({ createdAt }) => <When at={createdAt} /> },
          {
            head: 'Last used',
            cell: ({ lastUsedAt }) =>
              lastUsedAt === null ? <span className="soft">never</span> : <When at={lastUsedAt} />,
          },
          { head: 'State', cell: (token) => <TokenState token={token} /> },
          {
            head: 'Actions',
            actions: true,
            cell: (token) => isOpen(token) && <Button onClick={() => revoke(token)}>Revoke</Button>,
          },
        ]}
      />
      {making && (
        <NewToken
          user={user}
          onClose={() => setMaking(false)}
          onMade={({ token, secret }) => {
            list.change((tokens) => [token, ...tokens]);
            asker.tell(tokenTold(user, secret, `The token “${token.name}”`));
          }}
        />
      )}
      {asker.dialogs}
    </Section>
  );
}

function TokenState({ token }: { readonly token: Token }) {
  const { revokedAt, expiresAt } = token;
  if (revokedAt !== null) return <Chip>Revoked</Chip>;
  if (!isOpen(token)) return <Chip>Expired</Chip>;
  if (expiresAt === null) return <Chip tone="good">Valid</Chip>;
  return (
    <Chip tone="good">
      Valid, ends <When at={expiresAt} />
    </Chip>
  );
}
