import { all, find } from './api.js';
import { dot, seenAs } from './dot.js';

/** What is stale, or has somebody typing, is asked for again so often, should it have been lost that it is not so any more. */
const againMs = 30_000;

/** How often it is said that somebody goes on typing; the hub forgets it after ten seconds. */
const typingMs = 3_000;

/** Of frames that are refused without a word to anybody. */
export const watchRef = 'watch';

const none = { members: new Map(), users: 0, complete: true, stale: true, typing: [] };

/** Who is in the open channel, and who types there. */
export function createRoster({ write, nameOf, me }) {
  let channelId;
  let members = [];
  let roster = none;
  let typedAt = -Infinity;
  let drawings = 0;

  const watch = (type) => write({ type, channelId, ref: watchRef });

  async function loadMembers() {
    const of = channelId;
    const rows = await all(`/channels/${of}/members`).catch(() => []);
    if (of !== channelId) return;
    members = rows.map(({ userId }) => userId);
    draw();
  }

  /** What it says may be old by the time that all names are known: then another drawing is under way. */
  async function drawn() {
    drawings += 1;
    const own = drawings;
    const { members: here, users, stale, typing } = roster;
    const ids = [...new Set([...here.keys(), ...members])];
    const rows = await Promise.all(
      ids.map(async (id) => ({ id, name: await nameOf(id), seen: here.get(id) })),
    );
    const typists = await Promise.all([...new Set(typing.map(({ userId }) => userId))].map(nameOf));
    if (own !== drawings) return;
    rows.sort(
      (a, b) => Number(b.seen !== undefined) - Number(a.seen !== undefined) || a.name.localeCompare(b.name),
    );
    find('here-count').textContent = stale ? 'Who is here' : `${users} here`;
    find('members').replaceChildren(...rows.map(rowOf));
    find('typing').textContent = typingText(typists);
    find('here').dataset.stale = String(stale);
    // In a channel that one is not in, nobody sees one.
    if (members.includes(me())) find('own-dot').replaceChildren(dot(here.get(me())?.status));
  }

  const draw = () => void drawn();

  function happened({ type, presence, userId, threadId, state }) {
    const { members: before, complete } = roster;
    if (type === 'channel.presence') {
      const here = new Map(before).set(presence.userId, presence);
      if (presence.status === 'offline') here.delete(presence.userId);
      const typing = roster.typing.filter((typist) => here.has(typist.userId));
      roster = { ...roster, members: here, users: complete ? here.size : roster.users, typing };
      draw();
    } else if (type === 'channel.typing') {
      const others = roster.typing.filter(
        (typist) => typist.userId !== userId || typist.threadId !== threadId,
      );
      const starts = state === 'start' && userId !== me();
      roster = { ...roster, typing: starts ? [...others, { userId, threadId }] : others };
      draw();
    } else if (type.startsWith('channel.member.')) void loadMembers();
  }

  function stopTyping() {
    if (typedAt > -Infinity) write({ type: 'typing', channelId, state: 'stop' });
    typedAt = -Infinity;
  }

  setInterval(() => {
    if (channelId !== undefined && (roster.stale || roster.typing.length > 0)) watch('watch');
  }, againMs);

  return {
    /** Another channel is open, or none. */
    open(id) {
      if (id === channelId) return;
      stopTyping();
      if (channelId !== undefined) watch('unwatch');
      channelId = id;
      roster = none;
      members = [];
      if (id === undefined) return;
      watch('watch');
      void loadMembers();
    },
    connected() {
      if (channelId !== undefined) watch('watch');
    },
    lost() {
      typedAt = -Infinity;
      roster = { ...roster, stale: true, typing: [] };
      draw();
    },
    take(frame) {
      if (frame.type === 'event' && frame.event.channelId === channelId) happened(frame.event);
      if (frame.type !== 'roster' || frame.roster.channelId !== channelId) return;
      const { members: listed, typing } = frame.roster;
      roster = {
        ...frame.roster,
        members: new Map(listed.map((member) => [member.userId, member])),
        typing: typing.filter(({ userId }) => userId !== me()),
      };
      draw();
    },
    typed(text) {
      if (text.trim() === '') stopTyping();
      else if (performance.now() - typedAt >= typingMs) {
        typedAt = performance.now();
        write({ type: 'typing', channelId, state: 'start' });
      }
    },
    stopTyping,
  };
}

function rowOf({ id, name, seen }) {
  const item = document.createElement('li');
  item.dataset.user = id;
  item.append(dot(seen?.status), ' ', name);
  const text = [seen?.emoji, seen?.customStatus].filter(Boolean).join(' ');
  const says = document.createElement('span');
  says.className = 'note';
  says.textContent = text === '' ? seenAs(seen?.status) : `${seenAs(seen?.status)}: ${text}`;
  item.append(' ', says);
  return item;
}

function typingText(names) {
  if (names.length === 0) return '';
  if (names.length > 2) return 'Several people are typing';
  return `${names.join(' and ')} ${names.length === 1 ? 'is' : 'are'} typing`;
}
