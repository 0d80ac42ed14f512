import { useState } from 'react';
import { filled } from '../entrance/filled.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { useHub, useSession } from '../hub/context.ts';
import { useWork } from '../ui/use-work.ts';
import { AgentWaits } from './agent-waits.tsx';
import { createAgent, type NewAgent } from './create-agent.ts';
import { NameFields } from './name-fields.tsx';
import { wrongElsewhere } from './wrong-field.ts';

/** Makes an agent, and a line that lets it speak. */
export function AgentForm({ onDone }: { readonly onDone: () => void }) {
  const hub = useHub();
  const { userId } = useSession();
  const [agent, setAgent] = useState<NewAgent>();
  const { run, busy, error } = useWork(async (form: HTMLFormElement) => {
    const { displayName = '', handle = '' } = filled(form);
    setAgent(await createAgent(hub, { displayName, handle, ownerId: userId }));
  });
  if (agent !== undefined) return <AgentWaits agent={agent} onDone={onDone} />;
  const elsewhere = wrongElsewhere(error, ['displayName', 'handle']);
  return (
    <form
      className="welcome-form"
      aria-label="Connect an agent"
      onSubmit={(event) => {
        event.preventDefault();
        void run(event.currentTarget);
      }}
    >
      {elsewhere && <Notice tone="bad">{elsewhere}.</Notice>}
      <NameFields error={error} example="Scout" />
      <Button tone="main" type="submit" disabled={busy}>
        Make the agent
      </Button>
    </form>
  );
}
