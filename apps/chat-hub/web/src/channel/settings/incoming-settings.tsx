import { limits, type IncomingWebhook } from '@parley/hub-protocol';
import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { callAny } from '../../hub/call-any.ts';
import { useUser } from '../../hub/context.ts';
import { nameOf } from '../../hub/names.ts';
import { sentenceOf } from '../../hub/problem.ts';
import { Button } from '../../ui/button.tsx';
import { Confirm } from '../../ui/confirm.tsx';
import { Field } from '../../ui/field.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useWork } from '../../ui/use-work.ts';
import { dayText } from '../times.ts';
import { ActorField } from './actor-field.tsx';
import { ListState } from './list-state.tsx';
import { SecretOnce } from './secret-once.tsx';
import { Section } from './section.tsx';
import { useList } from './use-list.ts';

/** Addresses by which other programs write here. */
export function IncomingSettings({ channelId }: { readonly channelId: string }) {
  const params = { channelId };
  const list = useList(async () => (await callAny('listIncomingWebhooks', { params })).items);
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState<string>();
  const [ending, setEnding] = useState<IncomingWebhook>();
  return (
    <Section
      title="Webhooks in"
      about="Another program posts to an address, and it becomes a message here. What is made for Slack or Mattermost works."
    >
      <ListState list={list} empty="No program writes here by a webhook." />
      <ul className="settings-list">
        {list.items?.map((webhook) => (
          <Line key={webhook.id} webhook={webhook} onEnd={() => setEnding(webhook)} />
        ))}
      </ul>
      {made !== undefined && (
        <SecretOnce
          label="Address to post to"
          secret={made}
          about="It is shown this once. Whoever knows it may write here."
          onDone={() => setMade(undefined)}
        />
      )}
      {making ? (
        <NewIncoming
          channelId={channelId}
          onMade={(path) => {
            setMaking(false);
            setMade(`${location.origin}${path}`);
            void list.read();
          }}
          onCancel={() => setMaking(false)}
        />
      ) : (
        <Button onClick={() => setMaking(true)}>Add a webhook in</Button>
      )}
      {ending && (
        <Confirm
          title={`End “${ending.name}”?`}
          button="End it"
          act={async () => {
            await callAny('deleteIncomingWebhook', { params: { ...params, webhookId: ending.id } });
            await list.read();
          }}
          onClose={() => setEnding(undefined)}
        >
          Its address takes nothing more. What was written by it stays.
        </Confirm>
      )}
    </Section>
  );
}

function Line({ webhook, onEnd }: { readonly webhook: IncomingWebhook; readonly onEnd: () => void }) {
  const actor = useUser(webhook.userId);
  return (
    <li>
      <div>
        <b dir="auto">{webhook.name}</b>
        <span>
          writes as <bdi>{nameOf(actor)}</bdi>, since {dayText(webhook.createdAt)}
        </span>
      </div>
      <IconButton label={`End ${webhook.name}`} icon={Trash2} onClick={onEnd} />
    </li>
  );
}

interface NewIncomingProps {
  readonly channelId: string;
  readonly onMade: (path: string) => void;
  readonly onCancel: () => void;
}

function NewIncoming({ channelId, onMade, onCancel }: NewIncomingProps) {
  const [name, setName] = useState('');
  const [userId, setUserId] = useState('');
  const work = useWork(async () => {
    const body = { name: name.trim(), ...(userId !== '' && { userId }) };
    onMade((await callAny('createIncomingWebhook', { params: { channelId }, body })).path);
  });
  return (
    <form
      className="settings-new"
      onSubmit={(event) => {
        event.preventDefault();
        void work.run();
      }}
    >
      <Field
        label="Name"
        autoFocus
        required
        dir="auto"
        placeholder="Build server"
        value={name}
        maxLength={limits.displayName}
        onChange={({ target }) => setName(target.value)}
      />
      <ActorField label="Writes as" value={userId} onChange={setUserId} />
      {work.error !== undefined && <Notice tone="bad">{sentenceOf(work.error)}</Notice>}
      <div className="settings-foot">
        <Button onClick={onCancel}>Cancel</Button>
        <Button tone="main" type="submit" disabled={work.busy}>
          Make the address
        </Button>
      </div>
    </form>
  );
}
