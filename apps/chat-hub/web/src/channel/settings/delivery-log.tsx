import type { Delivery } from '@parley/hub-protocol';
import { RotateCw } from 'lucide-react';
import { useState } from 'react';
import { callAny } from '../../hub/call-any.ts';
import { Button } from '../../ui/button.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { useWork } from '../../ui/use-work.ts';
import { momentOf } from '../../preferences/times.ts';
import { ListState } from './list-state.tsx';
import { useList } from './use-list.ts';

export interface DeliveryLogProps {
  readonly channelId: string;
  readonly webhookId: string;
}

const pageSize = 20;
const states = { waiting: 'waiting', delivered: 'delivered', dead: 'given up' } as const;
const tones = { waiting: 'warn', delivered: 'good', dead: 'bad' } as const;

/** What an address was told, the latest first, and what became of it. */
export function DeliveryLog({ channelId, webhookId }: DeliveryLogProps) {
  const params = { channelId, webhookId };
  const [older, setOlder] = useState<readonly Delivery[]>([]);
  const [next, setNext] = useState<string | null>(null);
  const toasts = useToasts();
  const list = useList(async () => {
    const page = await callAny('listDeliveries', { params, query: { limit: pageSize } });
    setOlder([]);
    setNext(page.next);
    return page.items;
  });
  const more = useWork(async () => {
    if (next === null) return;
    const query = { limit: pageSize, cursor: next };
    await callAny('listDeliveries', { params, query }).then((page) => {
      setOlder((known) => [...known, ...page.items]);
      setNext(page.next);
    }, toasts.fail);
  });
  const again = useWork((deliveryId: string) =>
    callAny('redeliver', { params: { ...params, deliveryId } }).then(async () => {
      toasts.say('It is told once more.');
      await list.read();
    }, toasts.fail),
  );
  const items = [...(list.items ?? []), ...older];
  return (
    <div className="delivery-log" role="group" aria-label="Deliveries">
      <ListState list={list} empty="It was told nothing yet." />
      <ol>
        {items.map((delivery) => (
          <li key={delivery.id}>
            <div>
              <span className="delivery-head">
                <b>{delivery.type}</b>
                <span className="badge" data-tone={tones[delivery.state]}>
                  {states[delivery.state]}
                </span>
              </span>
              <span>{factsOf(delivery)}</span>
              {delivery.error !== null && <span dir="auto">{delivery.error}</span>}
            </div>
            <IconButton
              label="Tell it once more"
              icon={RotateCw}
              disabled={again.busy || delivery.state === 'waiting'}
              onClick={() => void again.run(delivery.id)}
            />
          </li>
        ))}
      </ol>
      <div className="settings-foot">
        {next !== null && (
          <Button disabled={more.busy} onClick={() => void more.run()}>
            Older ones
          </Button>
        )}
        <Button onClick={() => void list.read()}>Look again</Button>
      </div>
    </div>
  );
}

function factsOf({ createdAt, triedAt, attempts, status }: Delivery): string {
  const tries = attempts === 1 ? 'tried once' : `tried ${attempts} times`;
  const facts = [momentOf(triedAt ?? createdAt), attempts === 0 ? 'not tried yet' : tries];
  return (status === null ? facts : [...facts, `answered ${status}`]).join(' · ');
}
