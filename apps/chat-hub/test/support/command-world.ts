import type { CommandCall, Message } from '@parley/hub-protocol';
import type { RouteReply } from '@parley/hub-protocol/rest';
import { openTestHub, type HubDatabase, type TestHub, type TestUser } from './hub.ts';
import { startTarget, type Target } from './target.ts';

type Answer = ReturnType<TestHub['ask']>;

interface Opened {
  readonly node: TestHub;
  readonly target: Target;
  readonly ann: TestUser;
  readonly bob: TestUser;
  readonly bot: TestUser;
}

/** Ann, who manages channels, Bob and an agent, who are in them, and a program elsewhere that answers commands. */
export class CommandWorld implements AsyncDisposable {
  readonly node: TestHub;
  readonly target: Target;
  readonly ann: TestUser;
  readonly bob: TestUser;
  readonly bot: TestUser;
  #count = 0;

  constructor({ node, target, ann, bob, bot }: Opened) {
    this.node = node;
    this.target = target;
    this.ann = ann;
    this.bob = bob;
    this.bot = bot;
  }

  static async open(kind: HubDatabase, { answerMs }: { readonly answerMs: number }): Promise<CommandWorld> {
    const target = await startTarget();
    const node = await openTestHub(kind, {
      env: {
        HUB_WEBHOOK_NETWORKS: '127.0.0.0/8',
        HUB_PUBLIC_URL: 'https://hub.example',
        HUB_LIMITS: 'message.agent=3,message.person=off,message.admin=off',
      },
      commands: { answerMs },
      // A machine that is busy counts, too.
      limitsWithinMs: 5_000,
    });
    const ann = await node.user('ann');
    const bob = await node.user('bob');
    const bot = await node.user('bot', { kind: 'agent', ownerId: ann.id });
    return new CommandWorld({ node, target, ann, bob, bot });
  }

  async room(): Promise<string> {
    const members = [this.bob.id, this.bot.id];
    const body = { kind: 'private', name: `room-${(this.#count += 1)}`, members };
    const made = await this.node.ask('POST', '/channels', { token: this.ann.token, body });
    return made.json<{ id: string }>().id;
  }

  create(channelId: string, by: TestUser, body: object): Answer {
    return this.node.ask('POST', `/channels/${channelId}/commands`, { token: by.token, body });
  }

  async posted(channelId: string, url = this.target.url, more: object = {}) {
    const made = await this.create(channelId, this.ann, { name: 'deploy', url, ...more });
    return made.json<RouteReply<'createCommand'>>();
  }

  type(channelId: string, text: string, by = this.bob, clientId = `c${(this.#count += 1)}`): Answer {
    const body = { text, clientId };
    return this.node.ask('POST', `/channels/${channelId}/command-calls`, { token: by.token, body });
  }

  async called(channelId: string, text: string, by?: TestUser): Promise<CommandCall> {
    return (await this.type(channelId, text, by)).json<CommandCall>();
  }

  read(callId: string, by = this.bob): Answer {
    return this.node.ask('GET', `/command-calls/${callId}`, { token: by.token });
  }

  async texts(channelId: string): Promise<string[]> {
    const page = await this.node.ask('GET', `/channels/${channelId}/messages`, { token: this.ann.token });
    return page.json<{ items: Message[] }>().items.map(({ content }) => content);
  }

  /** What the program answers from now on. */
  json(body: object): void {
    this.target.answer = (_, reply) =>
      void reply.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.node[Symbol.asyncDispose]();
    await this.target.close();
  }
}
