import type { IncomingWebhooks } from '../../webhooks/incoming.ts';
import type { OutgoingWebhooks } from '../../webhooks/outgoing.ts';
import type { Handlers } from '../handler.ts';
import { idIn, readPage } from '../paging.ts';

type Names =
  | 'listIncomingWebhooks'
  | 'createIncomingWebhook'
  | 'deleteIncomingWebhook'
  | 'postByWebhook'
  | 'listWebhooks'
  | 'createWebhook'
  | 'deleteWebhook'
  | 'listDeliveries'
  | 'redeliver';

export interface WebhookParts {
  readonly webhooks: { readonly incoming: IncomingWebhooks; readonly outgoing: OutgoingWebhooks };
}

export function webhookHandlers({ webhooks }: WebhookParts): Pick<Handlers, Names> {
  const { incoming, outgoing } = webhooks;
  return {
    listIncomingWebhooks: async ({ caller, params, signal }) => ({
      items: await incoming.list(caller, params.channelId, { signal }),
    }),
    createIncomingWebhook: ({ caller, params, body, signal }) =>
      incoming.create(caller, params.channelId, body, { signal }),
    deleteIncomingWebhook: ({ caller, params: { channelId, webhookId }, signal }) =>
      incoming.delete(caller, channelId, webhookId, { signal }),
    async postByWebhook({ params, body, signal }) {
      const { id, seq } = await incoming.post(params.secret, body, { signal });
      return { messageId: id, seq };
    },
    listWebhooks: async ({ caller, params, signal }) => ({
      items: await outgoing.list(caller, params.channelId, { signal }),
    }),
    createWebhook: ({ caller, params, body, signal }) =>
      outgoing.create(caller, params.channelId, body, { signal }),
    deleteWebhook: ({ caller, params: { channelId, webhookId }, signal }) =>
      outgoing.delete(caller, channelId, webhookId, { signal }),
    listDeliveries: ({ caller, params: { channelId, webhookId }, query, signal }) =>
      readPage(
        query,
        (after, limit) =>
          outgoing.deliveries(
            caller,
            channelId,
            webhookId,
            { before: after && idIn(after), limit },
            { signal },
          ),
        ({ id }) => id,
      ),
    redeliver: ({ caller, params, signal }) => outgoing.redeliver(caller, params, { signal }),
  };
}
