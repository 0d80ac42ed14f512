import assert from 'node:assert/strict';
import { createBus, defineTopic, type Broker, type Bus, type Gap } from '@parley/bus';
import { until } from '@parley/services';
import { afterEach } from 'vitest';

const numbers = defineTopic('ledger', {
  class: 'stream',
  checkEvery: '1s',
  // A machine that is quick writes ten thousand in a failover: then a gap would be told because of that.
  retention: { count: 10_000_000 },
  schema: {
    '~standard': {
      version: 1,
      vendor: 'test',
      validate: (value) => (typeof value === 'number' ? { value } : { issues: [{ message: 'no number' }] }),
    },
  },
});

interface Channel {
  published: number;
  readonly received: number[];
  readonly gaps: Gap[];
}

let ledgers: Ledger[] = [];

afterEach(async () => {
  await Promise.all(ledgers.map((ledger) => ledger.end()));
  ledgers = [];
});

/** One process that publishes numbers without end, one that follows them, and who heard what; ended with the test. */
export class Ledger {
  readonly #channels: ReadonlyMap<string, Channel>;
  readonly #publisher: Bus;
  readonly #follower: Bus;
  #publishing: Promise<unknown> = Promise.resolve();
  #stopped = false;

  constructor(publisher: Broker, follower: Broker, channels: readonly string[]) {
    this.#publisher = createBus({ broker: publisher });
    this.#follower = createBus({ broker: follower });
    this.#channels = new Map(channels.map((name) => [name, { published: 0, received: [], gaps: [] }]));
    ledgers.push(this);
  }

  async start(): Promise<void> {
    const subscription = this.#follower.subscribe(
      numbers,
      ({ channel, data }) => void this.#channels.get(channel)?.received.push(data),
      {
        channels: [...this.#channels.keys()],
        onGap: (gap) => this.#channels.get(gap.channel)?.gaps.push(gap),
      },
    );
    await subscription.ready({ within: '20s' });
    this.#publishing = Promise.all(
      [...this.#channels].map(([name, channel]) => this.#publish(name, channel)),
    );
    // Whoever waits for progress or closes learns of it; a test that has failed does neither.
    this.#publishing.catch(() => undefined);
    await this.progress();
  }

  get gaps(): Gap[] {
    return [...this.#channels.values()].flatMap(({ gaps }) => gaps);
  }

  /** Resolves when every channel has received more than now. */
  async progress(): Promise<void> {
    const goals = [...this.#channels.values()].map((channel) => ({ channel, goal: channel.published + 5 }));
    const goesOn = until(() => goals.every(({ channel, goal }) => (channel.received.at(-1) ?? -1) >= goal), {
      what: 'every channel goes on',
    });
    await Promise.race([goesOn, this.#publishing.then(() => goesOn)]);
  }

  /** Everything arrived in order and once. Where the server may have lost something, what did not arrive lies in a gap that was told. */
  async close({ mayLose = false } = {}): Promise<void> {
    this.#stopped = true;
    await this.#publishing;
    for (const [name, { published, received, gaps }] of this.#channels) {
      await until(() => received.at(-1) === published - 1, { what: `the last of ${name} arrives` });
      if (mayLose && gaps.length > 0) {
        assert.deepEqual(
          received,
          [...new Set(received)].toSorted((a, b) => a - b),
        );
      } else {
        assert.deepEqual(
          received,
          Array.from({ length: published }, (_, i) => i),
        );
      }
    }
    await this.end();
  }

  async end(): Promise<void> {
    this.#stopped = true;
    await Promise.all([this.#publisher.close({ within: 0 }), this.#follower.close({ within: 0 })]);
  }

  async #publish(name: string, channel: Channel): Promise<void> {
    while (!this.#stopped) {
      await this.#publisher.publish(numbers, channel.published, { channel: name, within: '30s' });
      channel.published += 1;
    }
  }
}
