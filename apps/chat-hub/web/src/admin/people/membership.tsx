import { Button } from '../../ui/button.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { callAny } from '../../hub/call-any.ts';
import { Section } from '../parts/page-head.tsx';
import { useAsker } from '../parts/use-asker.tsx';
import type { UserSectionProps } from './user-page.tsx';

/** Takes somebody out of the workspace, and lets them in again. */
export function Membership({ user, onChange }: UserSectionProps) {
  const { say } = useToasts();
  const asker = useAsker();
  const { displayName, kind } = user;
  const params = { userId: user.id };
  const deactivate = (): void =>
    asker.ask({
      title: `Deactivate ${displayName}?`,
      what: `Their ${kind === 'agent' ? '' : 'sessions, '}tokens and set-up codes end, their connections are closed at once, and they leave all channels. What they wrote stays. They can be let in again, and get new tokens then.`,
      yes: 'Deactivate',
      async work() {
        onChange(await callAny('deactivateUser', { params }));
        say(`${displayName} is deactivated.`);
      },
    });
  const reactivate = (): void =>
    asker.ask({
      title: `Let ${displayName} in again?`,
      what:
        kind === 'agent'
          ? 'It takes part again with the same role. Its old tokens stay revoked: make another one.'
          : 'They take part again with the same role and password. Their old sessions and tokens stay ended.',
      yes: 'Reactivate',
      tone: 'main',
      async work() {
        onChange(await callAny('reactivateUser', { params }));
        say(`${displayName} may come in again.`);
      },
    });
  return user.deactivatedAt === null ? (
    <Section
      title="Deactivate"
      about="Nobody is deleted: what they wrote stays theirs."
      actions={
        <Button tone="danger" onClick={deactivate}>
          Deactivate
        </Button>
      }
    >
      {asker.dialogs}
    </Section>
  ) : (
    <Section
      title="Reactivate"
      about={`${displayName} was deactivated and cannot come in.`}
      actions={<Button onClick={reactivate}>Reactivate</Button>}
    >
      {asker.dialogs}
    </Section>
  );
}
