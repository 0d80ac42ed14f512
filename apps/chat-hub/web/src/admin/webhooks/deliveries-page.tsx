import type { Delivery } from '@parley/hub-protocol';
import { ArrowLeft, RefreshCw } from 'lucide-react';
import { hashOf } from '../../shell/place.ts';
import { Button } from '../../ui/button.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { useWork } from '../../ui/use-work.ts';
import { callAny } from '../../hub/call-any.ts';
import { Chip } from '../parts/chip.tsx';
import { ListTable } from '../parts/list-table.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { useList } from '../parts/use-list.ts';
import { When } from '../parts/when.tsx';
import { ChannelName } from './channel-name.tsx';

export interface DeliveriesPageProps {
  readonly channelId: string;
  readonly webhookId: string;
}

/** What an address was told, and what became of it. */
export function DeliveriesPage({ channelId, webhookId }: DeliveriesPageProps) {
  const list = useList((cursor, signal) =>
    callAny('listDeliveries', { params: { channelId, webhookId }, query: { cursor }, signal }),
  );
  const put = (next: Delivery): void =>
    list.change((rows) => rows.map((row) => (row.id === next.id ? next : row)));
  return (
    <>
      <a className="back-link" href={hashOf({ view: 'admin', page: 'webhooks' })}>
        <ArrowLeft aria-hidden size={15} /> All webhooks
      </a>
      <PageHead
        title="Deliveries"
        about={
          <>
            What was told of <ChannelName channelId={channelId} />, the latest first. What is not taken is
            tried again for about half an hour.
          </>
        }
      >
        <Button disabled={list.busy} onClick={list.reload}>
          <RefreshCw aria-hidden size={15} /> Look again
        </Button>
      </PageHead>
      <ListTable
        caption="Deliveries"
        keyOf={({ id }) => id}
        list={list}
        empty="Nothing was told yet."
        columns={[
          { head: 'Event', cell: ({ type }) => <span className="code whole">{type}</span> },
          { head: 'Number', numeric: true, cell: ({ seq }) => seq },
          { head: 'State', cell: (delivery) => <State delivery={delivery} /> },
          { head: 'Attempts', numeric: true, cell: ({ attempts }) => attempts },
          { head: 'Answer', cell: (delivery) => <Answer delivery={delivery} /> },
          {
            head: 'Last tried',
            cell: ({ triedAt }) =>
              triedAt === null ? <span className="soft">not yet</span> : <When at={triedAt} />,
          },
          {
            head: 'Actions',
            actions: true,
            cell: (delivery) => <Again delivery={delivery} channelId={channelId} onChange={put} />,
          },
        ]}
      />
    </>
  );
}

function State({ delivery: { state } }: { readonly delivery: Delivery }) {
  if (state === 'delivered') return <Chip tone="good">Delivered</Chip>;
  return state === 'dead' ? <Chip tone="bad">Given up</Chip> : <Chip tone="warn">Waiting</Chip>;
}

function Answer({ delivery: { status, error } }: { readonly delivery: Delivery }) {
  if (status === null && error === null) return <span className="soft">none yet</span>;
  return (
    <>
      {status !== null && <span className="code">{status}</span>} {error}
    </>
  );
}

interface AgainProps {
  readonly delivery: Delivery;
  readonly channelId: string;
  readonly onChange: (delivery: Delivery) => void;
}

function Again({ delivery: { id: deliveryId, webhookId }, channelId, onChange }: AgainProps) {
  const { say, fail } = useToasts();
  const { run, busy } = useWork(async () => {
    try {
      onChange(await callAny('redeliver', { params: { channelId, webhookId, deliveryId } }));
      say('It is told once more.');
    } catch (error) {
      fail(error);
    }
  });
  return (
    <Button disabled={busy} onClick={() => void run()}>
      Tell again
    </Button>
  );
}
