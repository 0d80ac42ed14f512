import type { Delivery, Message } from '@parley/hub-protocol';
import type { RouteReply } from '@parley/hub-protocol/rest';
import { until } from '@parley/services';
import { openTestHub, type HubDatabase, type TestHub, type TestHubOptions, type TestUser } from './hub.ts';
import { startTarget, type Received, type Target } from './target.ts';

interface Opened {
  readonly node: TestHub;
  readonly target: Target;
  readonly ann: TestUser;
}

type Told = Received & {
  readonly data: { readonly seq: number; readonly event: { type?: string; message?: Message } };
};

/** Ann, who manages channels, and a program elsewhere that is told what happens there. */
export class WebhookWorld implements AsyncDisposable {
  readonly node: TestHub;
  readonly target: Target;
  readonly ann: TestUser;
  #count = 0;

  constructor({ node, target, ann }: Opened) {
    this.node = node;
    this.target = target;
    this.ann = ann;
  }

  static async open(
    kind: HubDatabase,
    webhooks: NonNullable<TestHubOptions['webhooks']>,
  ): Promise<WebhookWorld> {
    const target = await startTarget();
    const node = await openTestHub(kind, { env: { HUB_WEBHOOK_NETWORKS: '127.0.0.0/8' }, webhooks });
    return new WebhookWorld({ node, target, ann: await node.user('ann') });
  }

  get #token() {
    return { token: this.ann.token };
  }

  async room(kind: 'private' | 'public' = 'private'): Promise<string> {
    const body = { kind, name: `room-${(this.#count += 1)}` };
    return (await this.node.ask('POST', '/channels', { ...this.#token, body })).json<{ id: string }>().id;
  }

  async say(channelId: string, content: string): Promise<Message> {
    const body = { content, clientId: `c${(this.#count += 1)}` };
    const sent = await this.node.ask('POST', `/channels/${channelId}/messages`, { ...this.#token, body });
    return sent.json<RouteReply<'sendMessage'>>().message;
  }

  make(
    channelId: string,
    url = this.target.url,
    events: readonly string[] = ['channel.message'],
    { token }: Pick<TestUser, 'token'> = this.ann,
  ) {
    const body = { name: 'archive', url, events };
    return this.node.ask('POST', `/channels/${channelId}/webhooks`, { token, body });
  }

  async made(...given: Parameters<WebhookWorld['make']>): Promise<RouteReply<'createWebhook'>> {
    return (await this.make(...given)).json<RouteReply<'createWebhook'>>();
  }

  /** What the target was told of a channel. */
  told(channelId: string): Told[] {
    return this.target.calls
      .map((call) => ({ ...call, data: JSON.parse(call.body) }))
      .filter(({ data }) => data.channelId === channelId);
  }

  async deliveries(channelId: string, webhookId: string): Promise<Delivery[]> {
    const path = `/channels/${channelId}/webhooks/${webhookId}/deliveries?limit=200`;
    return (await this.node.ask('GET', path, this.#token)).json<{ items: Delivery[] }>().items;
  }

  redeliver(channelId: string, webhookId: string, deliveryId: string | undefined) {
    const path = `/channels/${channelId}/webhooks/${webhookId}/deliveries/${deliveryId}/redeliver`;
    return this.node.ask('POST', path, this.#token);
  }

  /** Looks for what there is to do more often than a node does by itself. */
  async settled(
    channelId: string,
    webhookId: string,
    state: Delivery['state'],
    number = 1,
  ): Promise<Delivery[]> {
    const found = async (): Promise<Delivery[] | undefined> => {
      await this.node.hub.dispatcher.dispatch();
      const all = await this.deliveries(channelId, webhookId);
      const those = all.filter((delivery) => delivery.state === state);
      return those.length >= number ? those : undefined;
    };
    return (await until(found, { what: `${number} are ${state}` })) ?? [];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.node[Symbol.asyncDispose]();
    await this.target.close();
  }
}
