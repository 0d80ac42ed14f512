import { isDeepStrictEqual } from 'node:util';
import type { Hub } from '@parley/hub-client';
import type { Message } from '@parley/hub-protocol';
import { until } from '@parley/services';
import type { Receivers } from './receivers.ts';
import type { Traffic } from './traffic.ts';

/** What came of some traffic. All of it is empty where every promise was kept. */
export interface Verdict {
  /** Receivers that were not given everything once and in order: who, what and where. */
  readonly received: readonly string[];
  /** Acknowledged, and not in the log as it was acknowledged. */
  readonly lost: readonly string[];
  /** Sent once, and in the log more than once. */
  readonly doubled: readonly string[];
  /** In the log in another order than its sender sent it. */
  readonly disordered: readonly string[];
  /** Clients that show something else than the hub has. */
  readonly shown: readonly string[];
  readonly refused: readonly string[];
}

export const sound: Verdict = { received: [], lost: [], doubled: [], disordered: [], shown: [], refused: [] };

export interface Trial {
  readonly receivers: Receivers;
  readonly traffic: Traffic;
  readonly channels: readonly string[];
  /** Who reads the log at the end: a member of all channels. */
  readonly reader: Hub;
}

/** Waits until everything that is to arrive has arrived, and judges. */
export async function judge({ receivers, traffic, channels, reader }: Trial): Promise<Verdict> {
  await traffic.stop();
  await receivers.settled();
  const log = new Map<string, Message[]>();
  for (const channelId of channels) log.set(channelId, await messagesOf(reader, channelId));
  const all = [...log.values()].flat();
  const byId = new Map(all.map((message) => [message.id, message]));
  const lost = traffic.acknowledged.filter(
    ({ id, seq, content }) => byId.get(id)?.seq !== seq || byId.get(id)?.content !== content,
  );
  return {
    received: some(receivers.ledger.problems()),
    lost: some(lost.map(({ content, seq }) => `${content.slice(0, 40)} at ${seq}`)),
    doubled: some(doubledIn(all)),
    disordered: some([...log.values()].flatMap(disorderIn)),
    shown: (await Promise.all(receivers.clients.map((one) => differencesOf(one, log)))).flat(),
    refused: some(traffic.refused),
  };
}

/** As many as somebody can read. */
function some(problems: readonly string[]): string[] {
  const rest = problems.length - 20;
  return rest > 0 ? [...problems.slice(0, 20), `and ${rest} more`] : [...problems];
}

async function messagesOf(reader: Hub, channelId: string): Promise<Message[]> {
  const messages: Message[] = [];
  for (;;) {
    const query = { after: messages.at(-1)?.seq ?? 0, limit: 200 };
    const page = await reader.call('listMessages', { params: { channelId }, query, deadlineMs: 60_000 });
    messages.push(...page.items);
    if (!page.newer) return messages;
  }
}

function doubledIn(messages: readonly Message[]): string[] {
  const said = Map.groupBy(messages, ({ channelId, content }) => `${channelId} ${content.slice(0, 40)}`);
  return [...said].filter(([, same]) => same.length > 1).map(([what]) => what);
}

/** Each sender has counted from 0 in each channel. */
function disorderIn(messages: readonly Message[]): string[] {
  const bySender = Map.groupBy(messages, ({ content }) => content.split(' ')[0] ?? '');
  return [...bySender].flatMap(([sender, own]) =>
    own
      .map(({ content }) => Number(content.split(' ')[1]))
      .flatMap((count, i, counts) => (count <= (counts[i - 1] ?? -1) ? [`${sender} ${count}`] : [])),
  );
}

async function differencesOf(
  { name, client, shows }: Receivers['clients'][number],
  log: ReadonlyMap<string, readonly Message[]>,
): Promise<string[]> {
  const differing = (): string[] =>
    [...log].flatMap(([channelId, messages]) => {
      const state = client.snapshot().channels.get(channelId);
      const shown = state?.messages ?? [];
      // What was there before the client came is not shown until it is asked for.
      const expected = messages.filter(({ seq }) => seq >= (shown[0]?.seq ?? 0)).map(shows);
      const same = isDeepStrictEqual(shown, expected);
      const idle = state?.outgoing.length === 0;
      return same && idle
        ? []
        : [`${name} shows ${shown.length} messages of ${channelId}, not ${expected.length}`];
    });
  await until(() => differing().length === 0, { what: 'clients show what there is', every: 100 }).catch(
    () => undefined,
  );
  return differing();
}
