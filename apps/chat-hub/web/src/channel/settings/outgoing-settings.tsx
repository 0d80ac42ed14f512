import type { Webhook } from '@parley/hub-protocol';
import { ListTree, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { callAny } from '../../hub/call-any.ts';
import { Button } from '../../ui/button.tsx';
import { Confirm } from '../../ui/confirm.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { DeliveryLog } from './delivery-log.tsx';
import { ListState } from './list-state.tsx';
import { NewOutgoing } from './new-outgoing.tsx';
import { SecretOnce } from './secret-once.tsx';
import { Section } from './section.tsx';
import { useList } from './use-list.ts';

/** Addresses of others that are told what happens here. */
export function OutgoingSettings({ channelId }: { readonly channelId: string }) {
  const params = { channelId };
  const list = useList(async () => (await callAny('listWebhooks', { params })).items);
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState<string>();
  const [ending, setEnding] = useState<Webhook>();
  return (
    <Section
      title="Webhooks out"
      about="An address of another program is told what happens here, until it takes it."
    >
      <ListState list={list} empty="No other program is told what happens here." />
      <ul className="settings-list">
        {list.items?.map((webhook) => (
          <Line key={webhook.id} webhook={webhook} onEnd={() => setEnding(webhook)} />
        ))}
      </ul>
      {made !== undefined && (
        <SecretOnce
          label="Secret of the signature"
          secret={made}
          about="It is shown this once. With it the other program makes sure that what comes is ours."
          onDone={() => setMade(undefined)}
        />
      )}
      {making ? (
        <NewOutgoing
          channelId={channelId}
          onMade={(secret) => {
            setMaking(false);
            setMade(secret);
            void list.read();
          }}
          onCancel={() => setMaking(false)}
        />
      ) : (
        <Button onClick={() => setMaking(true)}>Add a webhook out</Button>
      )}
      {ending && (
        <Confirm
          title={`End “${ending.name}”?`}
          button="End it"
          act={async () => {
            await callAny('deleteWebhook', { params: { ...params, webhookId: ending.id } });
            await list.read();
          }}
          onClose={() => setEnding(undefined)}
        >
          The address is told nothing more, also not what waits for it now.
        </Confirm>
      )}
    </Section>
  );
}

function Line({ webhook, onEnd }: { readonly webhook: Webhook; readonly onEnd: () => void }) {
  const [logged, setLogged] = useState(false);
  return (
    <li>
      <div>
        <b dir="auto">{webhook.name}</b>
        <span>{webhook.url}</span>
        <span>{webhook.events.map(nameOfEvent).join(', ')}</span>
      </div>
      <IconButton
        label={`What ${webhook.name} was told`}
        icon={ListTree}
        aria-expanded={logged}
        onClick={() => setLogged(!logged)}
      />
      <IconButton label={`End ${webhook.name}`} icon={Trash2} onClick={onEnd} />
      {logged && <DeliveryLog channelId={webhook.channelId} webhookId={webhook.id} />}
    </li>
  );
}

const nameOfEvent = (type: string): string => type.replace(/^channel\./u, '');
