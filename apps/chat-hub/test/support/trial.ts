import { randomUUID } from 'node:crypto';
import type { Deployment } from './deployment.ts';
import { Receivers } from './receivers.ts';
import { overRest, overSocket, Traffic } from './traffic.ts';
import { judge, type Verdict } from './verdict.ts';
import type { Resident } from './workspace.ts';

export interface TrialOptions {
  /** Where those who write connect to. @default the balancer */
  readonly writersAt?: string;
  readonly channels?: number;
  /** Members of the channels besides those who take part in every trial. */
  readonly guests?: readonly Resident[];
  /** Between two messages of one writer, in milliseconds. @default 40 */
  readonly everyMs?: number;
  /** Stands behind each text. */
  readonly padding?: string;
}

/** Traffic in new channels of a deployment, with receivers at every node. */
export interface Trial extends AsyncDisposable {
  readonly channels: readonly string[];
  readonly traffic: Traffic;
  readonly receivers: Receivers;
  /** Ends the traffic, and tells what came of it. */
  readonly judge: () => Promise<Verdict>;
}

export async function begin(
  { nodes, url, members, owner }: Deployment,
  { writersAt = url, channels: count = 3, guests = [], ...pace }: TrialOptions = {},
): Promise<Trial> {
  const channels: string[] = [];
  for (let i = 0; i < count; i += 1) {
    const name = `trial-${randomUUID().slice(0, 8)}`;
    const body = { kind: 'private' as const, name, members: [...members, ...guests].map(({ id }) => id) };
    channels.push((await owner.call('createChannel', { body })).id);
  }
  const receivers = new Receivers();
  try {
    const [ann, bob, coder, onlooker] = members.map(({ token }) => token);
    const writers = { url: writersAt, channels };
    const [hers, his, its] = await Promise.all([
      receivers.addClient('ann', { ...writers, token: ann ?? '' }),
      receivers.addClient('bob', { ...writers, token: bob ?? '' }),
      receivers.addClient('coder', { ...writers, token: coder ?? '' }),
    ]);
    await Promise.all([
      receivers.addRaw('anywhere', { url, token: onlooker ?? '', channels }),
      ...nodes.map((node, i) =>
        receivers.addRaw(nameOf(i), { url: node.url, token: onlooker ?? '', channels }),
      ),
    ]);
    const senders = [overSocket('ann', hers), overSocket('bob', his), overRest('coder', its)];
    const traffic = new Traffic({ senders, channels, receivers, ...pace });
    return {
      channels,
      traffic,
      receivers,
      judge: () => judge({ receivers, traffic, channels, reader: owner }),
      async [Symbol.asyncDispose]() {
        // A hub that is gone for good acknowledges nothing: what waits for it is given up.
        const over = traffic.stop();
        await receivers[Symbol.asyncDispose]();
        await over;
      },
    };
  } catch (error) {
    await receivers[Symbol.asyncDispose]();
    throw error;
  }
}

/** The receiver that listens at one node. */
export function nameOf(node: number): string {
  return `at node ${node}`;
}

/**
 * How long messages took from their acknowledgement to those who listen at other nodes than that of the writers, in milliseconds, in order:
 * of what was acknowledged between two moments.
 */
export function delaysOf({ traffic, receivers }: Trial, from: number, to: number): number[] {
  const acknowledgedAt = new Map(
    traffic.acknowledged.filter(({ at }) => at >= from && at <= to).map(({ id, at }) => [id, at]),
  );
  return receivers.arrivals
    .filter(({ receiver }) => receiver.startsWith('at node') && receiver !== nameOf(0))
    .flatMap(({ id, at }) => {
      const then = acknowledgedAt.get(id);
      return then === undefined ? [] : [Math.max(0, at - then)];
    })
    .toSorted((a, b) => a - b);
}
