import type { WebhookEntry } from '@parley/hub-protocol';
import { hashOf } from '../../shell/place.ts';
import { Button } from '../../ui/button.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { callAny } from '../../hub/call-any.ts';
import type { AdminPageProps } from '../pages.ts';
import { Chip } from '../parts/chip.tsx';
import { ListTable } from '../parts/list-table.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { Person } from '../parts/person.tsx';
import { useAsker } from '../parts/use-asker.tsx';
import { useList } from '../parts/use-list.ts';
import { When } from '../parts/when.tsx';
import { ChannelName } from './channel-name.tsx';
import { DeliveriesPage } from './deliveries-page.tsx';

/** What reads and writes from outside, in all channels. */
export function WebhooksPage({ rest: [channelId, webhookId] }: AdminPageProps) {
  return channelId === undefined || webhookId === undefined ? (
    <Webhooks />
  ) : (
    <DeliveriesPage channelId={channelId} webhookId={webhookId} />
  );
}

function Webhooks() {
  const { say } = useToasts();
  const asker = useAsker();
  const list = useList((cursor, signal) => callAny('listAllWebhooks', { query: { cursor }, signal }));
  const remove = ({ id: webhookId, channelId, way, name }: WebhookEntry): void =>
    asker.ask({
      title: `Delete “${name}”?`,
      what:
        way === 'in'
          ? 'The program that writes by this address can write nothing more. The address never comes back: a new webhook has another one.'
          : 'The address is told nothing more, at once, and what it was told is forgotten.',
      yes: 'Delete',
      async work() {
        const params = { channelId, webhookId };
        await callAny(way === 'in' ? 'deleteIncomingWebhook' : 'deleteWebhook', { params });
        list.change((entries) => entries.filter(({ id }) => id !== webhookId));
        say('The webhook is deleted.');
      },
    });
  return (
    <>
      <PageHead
        title="Webhooks"
        about="Where other programs write to channels, and where they are told what happens there. They are made in the settings of a channel."
      />
      <ListTable
        caption="Webhooks of all channels"
        keyOf={({ id }) => id}
        list={list}
        empty="No channel has a webhook."
        columns={[
          { head: 'Name', cell: ({ name }) => <bdi>{name}</bdi> },
          {
            head: 'Way',
            cell: ({ way }) => (way === 'in' ? <Chip>writes here</Chip> : <Chip>is told</Chip>),
          },
          { head: 'Channel', cell: ({ channelId }) => <ChannelName channelId={channelId} /> },
          { head: 'By or to', cell: (entry) => <Other entry={entry} /> },
          {
            head: 'Made',
            cell: ({ createdBy, createdAt }) => (
              <>
                <Person userId={createdBy} size={18} />
                <div className="soft">
                  <When at={createdAt} />
                </div>
              </>
            ),
          },
          {
            head: 'Actions',
            actions: true,
            cell: (entry) => (
              <>
                {entry.way === 'out' && (
                  <a
                    className="button"
                    href={hashOf({ view: 'admin', page: `webhooks/${entry.channelId}/${entry.id}` })}
                  >
                    Deliveries
                  </a>
                )}
                <Button onClick={() => remove(entry)}>Delete</Button>
              </>
            ),
          },
        ]}
      />
      {asker.dialogs}
    </>
  );
}

/** In whose name it writes, or who is told. */
function Other({ entry: { way, userId, origin } }: { readonly entry: WebhookEntry }) {
  if (way === 'in') return <Person userId={userId} />;
  return <span className="code">{origin ?? 'unknown'}</span>;
}
