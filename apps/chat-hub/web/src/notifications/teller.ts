import { withoutMarks } from '../markdown/without-marks.ts';
import type { Hub, HubState } from '@parley/hub-client';
import { nameOf, titleOf } from '../hub/names.ts';
import { go } from '../shell/place.ts';
import { isRead, placeOf } from './attention.ts';
import { desktop, giveUp } from './desktop.ts';
import { occasionOf, type Occasion } from './occasion.ts';

/** What comes together is told together, and nobody is told more often than every two seconds. */
const gatherMs = 300;
const pauseMs = 2_000;
const longestText = 200;

interface Told {
  readonly notification: Notification;
  readonly seq: number;
  readonly count: number;
}

interface Gathered {
  readonly latest: Occasion;
  readonly count: number;
}

/** Tells by the system what somebody wants to be told and does not read just now: one notification for each channel, until it is read. */
export function tellByTheSystem(hub: Hub, signal: AbortSignal): void {
  const told = new Map<string, Told>();
  let gathered = new Map<string, Gathered>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let lastAt = -Infinity;

  const show = (channelId: string, { latest, count }: Gathered): void => {
    const state = hub.snapshot();
    const before = told.get(channelId);
    const all = count + (before?.count ?? 0);
    const { title, body } = textOf(latest, all, state);
    const options = { body, tag: `parley.${channelId}`, icon: '/icon.svg', renotify: latest.mention };
    try {
      const notification = new Notification(title, options);
      notification.addEventListener('click', () => {
        focus();
        open(latest);
        notification.close();
      });
      told.set(channelId, { notification, seq: latest.message.seq, count: all });
    } catch {
      giveUp();
    }
  };

  const flush = async (): Promise<void> => {
    timer = undefined;
    lastAt = performance.now();
    const now = gathered;
    gathered = new Map();
    if (desktop() !== 'on' || (await isUndisturbed(hub))) return;
    for (const [channelId, one] of now) {
      const { message } = one.latest;
      const unread = (): boolean =>
        message.seq > (hub.snapshot().channels.get(channelId)?.reading.lastReadSeq ?? Infinity);
      if (!signal.aborted && !(await isRead(placeOf(channelId, message.threadId))) && unread())
        show(channelId, one);
    }
  };

  const stop = [
    hub.on('event', (event) => {
      const latest = desktop() === 'on' ? occasionOf(event, hub.snapshot()) : undefined;
      if (latest === undefined) return;
      const { channelId } = latest;
      gathered.set(channelId, { latest, count: (gathered.get(channelId)?.count ?? 0) + 1 });
      const pause = Math.max(gatherMs, lastAt + pauseMs - performance.now());
      timer ??= setTimeout(() => void flush(), pause);
    }),
    hub.subscribe(() => {
      for (const [channelId, { notification, seq }] of told) {
        if ((hub.snapshot().channels.get(channelId)?.reading.lastReadSeq ?? Infinity) < seq) continue;
        notification.close();
        told.delete(channelId);
      }
    }),
  ];
  signal.addEventListener('abort', () => {
    clearTimeout(timer);
    for (const end of stop) end();
    for (const { notification } of told.values()) notification.close();
  });
}

/** Whether somebody has said, wherever, that they are not to be disturbed. */
async function isUndisturbed(hub: Hub): Promise<boolean> {
  const status = await hub.call('readStatus').catch(() => undefined);
  return status?.availability === 'dnd';
}

function open({ channelId, message: { id, threadId } }: Occasion): void {
  if (threadId === null) go({ view: 'channel', channelId, messageId: id });
  else go({ view: 'channel', channelId, panel: { kind: 'thread', id: threadId } });
}

function textOf(
  { channelId, message: { senderId, content } }: Occasion,
  count: number,
  state: HubState,
): { readonly title: string; readonly body: string } {
  const channel = state.channels.get(channelId)?.channel;
  const name = senderId === null ? 'Parley' : nameOf(state.users.get(senderId));
  const where = channel?.name === null ? titleOf(channel, state) : `#${channel?.name ?? ''}`;
  const plain = withoutMarks(content);
  const text = plain.length > longestText ? `${plain.slice(0, longestText)}…` : plain;
  return {
    title: channel?.kind === 'direct' ? name : `${name} in ${where}`,
    body: count > 1 ? `${text}\n${count} new messages` : text || 'A file',
  };
}
