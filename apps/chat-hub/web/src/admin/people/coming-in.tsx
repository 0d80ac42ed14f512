import type { User } from '@parley/hub-protocol';
import { sentenceOf } from '../../hub/problem.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { callAny } from '../../hub/call-any.ts';
import { Section } from '../parts/page-head.tsx';
import { useAsker } from '../parts/use-asker.tsx';
import { useLoaded } from '../parts/use-loaded.ts';
import { When } from '../parts/when.tsx';
import { setupTold } from './setup-told.ts';

/** The code by which somebody comes in, for the first time or with another password. */
export function ComingIn({ user }: { readonly user: User }) {
  const { say } = useToasts();
  const asker = useAsker();
  const params = { userId: user.id };
  const { value, error, reload } = useLoaded(async (signal) => {
    const { items } = await callAny('listSetupCodes', { signal });
    return { open: items.find(({ userId }) => userId === user.id) };
  });
  const open = value?.open;
  const isAgent = user.kind === 'agent';
  const make = (): void =>
    asker.ask({
      title: `A new set-up code for ${user.displayName}?`,
      what: `${open === undefined ? '' : 'The code that is open ends. '}${
        isAgent
          ? 'Whoever has the code gets a token of this agent with it.'
          : 'Whoever has the code chooses a new password with it and is signed in as them; all their sessions end then.'
      }`,
      yes: 'Make a code',
      tone: 'main',
      async work() {
        asker.tell(setupTold(user, await callAny('createSetupCode', { params })));
        reload();
      },
    });
  const end = (): void =>
    asker.ask({
      title: 'Revoke the set-up code?',
      what: 'Whoever has it cannot come in by it any more.',
      yes: 'Revoke',
      async work() {
        await callAny('deleteSetupCode', { params });
        reload();
        say('The code is revoked.');
      },
    });
  return (
    <Section
      title="Set-up code"
      about={
        open === undefined ? (
          isAgent ? (
            'By a code a program fetches its token itself.'
          ) : (
            'For somebody who comes in for the first time, or forgot their password.'
          )
        ) : (
          <>
            A code is open: it was made <When at={open.createdAt} /> and ends <When at={open.expiresAt} />.
          </>
        )
      }
      actions={
        <>
          {open !== undefined && <Button onClick={end}>Revoke it</Button>}
          <Button onClick={make}>New set-up code</Button>
        </>
      }
    >
      {error !== undefined && (
        <Notice tone="bad" action={{ label: 'Try again', onClick: reload }}>
          Whether a code is open could not be read. {sentenceOf(error)}
        </Notice>
      )}
      {asker.dialogs}
    </Section>
  );
}
