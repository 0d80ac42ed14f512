import { all, call, filled, find, onAsk, signedOut, tell } from './api.js';
import { showEntrance, welcomeEverybody } from './entrance.js';
import { createRoster, watchRef } from './roster.js';
import { createSocket } from './socket.js';
import { createStatus } from './status.js';

/** What this page knows: who is here, channels by id, messages of the open channel by id. */
const state = {
  me: undefined,
  channels: new Map(),
  users: new Map(),
  messages: new Map(),
  open: undefined,
  epoch: undefined,
  positions: {},
};

async function nameOf(userId) {
  if (userId === null) return 'Parley';
  if (!state.users.has(userId)) {
    const asked = call('GET', `/users/${userId}`).catch(() => {
      state.users.delete(userId);
      return { displayName: 'Somebody' };
    });
    state.users.set(userId, asked);
  }
  return (await state.users.get(userId)).displayName;
}

const titleOf = (channel) => (channel.name === null ? 'Conversation' : `# ${channel.name}`);

function showChannels() {
  const rows = [...state.channels.values()].toSorted((a, b) => titleOf(a).localeCompare(titleOf(b)));
  const items = rows.map((channel) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = titleOf(channel);
    if (channel.id === state.open) button.setAttribute('aria-current', 'true');
    onAsk(button, 'click', () => openChannel(channel.id));
    const item = document.createElement('li');
    item.append(button);
    return item;
  });
  find('channels').replaceChildren(...items);
}

async function loadChannels() {
  const rows = await all('/channels');
  state.channels = new Map(rows.map((channel) => [channel.id, channel]));
  showChannels();
}

async function openChannel(channelId) {
  state.open = channelId;
  showChannels();
  roster.open(channelId);
  const { channel, member } = await call('GET', `/channels/${channelId}`);
  if (state.open !== channelId) return;
  find('room-title').textContent = titleOf(channel);
  find('topic').textContent = channel.topic;
  find('join').hidden = member !== null;
  find('send').hidden = member === null || channel.archivedAt !== null;
  state.messages = new Map();
  find('messages').replaceChildren();
  await loadMessages(channelId);
  subscribe(channelId);
}

async function loadMessages(channelId) {
  const page = await call('GET', `/channels/${channelId}/messages?limit=100`);
  if (state.open !== channelId) return;
  for (const message of page.items) show(message);
  find('messages').scrollTop = find('messages').scrollHeight;
  state.positions[channelId] = Math.max(state.positions[channelId] ?? 0, page.seq);
  if (state.epoch !== page.epoch) state.positions[channelId] = page.seq;
  if (page.items.length > 0) call('PUT', `/channels/${channelId}/read`, { seq: page.seq }).catch(() => {});
}

/** Puts a message where its number says, or in the place of what it was before. */
function show(message) {
  if (message.channelId !== state.open || message.threadId !== null) return;
  const list = find('messages');
  const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 60;
  const item = rowOf(message);
  const before = state.messages.get(message.id);
  if (before === undefined) {
    const next = [...list.children].find((row) => Number(row.dataset.seq) > message.seq);
    list.insertBefore(item, next ?? null);
  } else before.replaceWith(item);
  state.messages.set(message.id, item);
  if (atEnd) list.scrollTop = list.scrollHeight;
}

function rowOf(message) {
  const item = document.createElement('li');
  item.dataset.seq = String(message.seq);
  const name = document.createElement('strong');
  name.textContent = '...';
  void nameOf(message.senderId).then((text) => (name.textContent = text));
  const at = new Date(message.timestamp);
  const time = document.createElement('time');
  time.dateTime = at.toISOString();
  time.textContent = at.toLocaleString([], { dateStyle: 'short', timeStyle: 'short' });
  const text = document.createElement('p');
  text.textContent = message.deletedAt === null ? message.content : 'This message was deleted.';
  item.append(name, ' ', time);
  if (message.editedAt !== null && message.deletedAt === null) item.append(' ', note('edited'));
  item.append(text);
  return item;
}

function note(text) {
  const element = document.createElement('span');
  element.className = 'note';
  element.textContent = text;
  return element;
}

const socket = createSocket({
  wanted: () => state.me !== undefined,
  hello: () => (state.epoch === undefined ? {} : { epoch: state.epoch, positions: state.positions }),
  receive,
  onLost: () => {
    find('state').textContent = 'Reconnecting...';
    roster.lost();
  },
  onRefused: leave,
});
const { write } = socket;
const roster = createRoster({ write, nameOf, me: () => state.me?.user.id });
const status = createStatus({ write });

/** Public channels can be read without being in them. */
function subscribe(channelId) {
  const after = state.epoch === undefined ? {} : { after: state.positions[channelId], epoch: state.epoch };
  write({ type: 'subscribe', channelId, ...after });
}

function receive(frame) {
  roster.take(frame);
  switch (frame.type) {
    case 'welcome':
      find('state').textContent = 'Connected';
      if (state.epoch !== frame.epoch) state.positions = {};
      state.epoch = frame.epoch;
      roster.connected();
      status.connected();
      if (state.open !== undefined) reload();
      break;
    case 'event':
      if (frame.seq !== undefined && frame.channelId !== null) state.positions[frame.channelId] = frame.seq;
      happened(frame.event);
      break;
    case 'resync':
      state.positions[frame.channelId] = frame.seq;
      state.epoch = frame.epoch;
      if (frame.channelId === state.open) reload();
      break;
    case 'heads':
      if ((frame.heads[state.open] ?? 0) > (state.positions[state.open] ?? 0)) subscribe(state.open);
      break;
    case 'error':
      if (frame.ref !== watchRef) tell(frame.error.detail);
      break;
  }
}

/** Everything that a message can become arrives as what it is now; what else happens to one is asked for. */
function happened(event) {
  const { message, messageId, type } = event;
  if (message !== undefined) show(message);
  else if (messageId !== undefined && state.messages.has(messageId) && type !== 'channel.message.append')
    call('GET', `/channels/${event.channelId}/messages/${messageId}`).then(show, () => {});
  if (type === 'user.update') {
    state.users.set(event.user.id, Promise.resolve(event.user));
  } else if (/^channel\.(?:create|update|archive|delete|member\.)/.test(type)) {
    loadChannels().catch(() => {});
  }
}

function reload() {
  openChannel(state.open).catch((error) => tell(error.message));
}

async function enter(me) {
  state.me = me;
  find('enter').hidden = true;
  find('workspace').hidden = false;
  find('who').textContent = `${me.user.displayName} (@${me.user.handle})`;
  find('new-channel').hidden = !me.scopes.includes('manage');
  find('send').hidden = true;
  await loadChannels();
  socket.connect();
  const [first] = state.channels.values();
  if (first !== undefined) await openChannel(first.id);
}

function leave() {
  state.me = undefined;
  state.open = undefined;
  state.epoch = undefined;
  state.positions = {};
  roster.open(undefined);
  socket.close();
  find('workspace').hidden = true;
  find('enter').hidden = false;
  find('sign-in').querySelector('input').focus();
}

addEventListener(signedOut, () => {
  if (state.me !== undefined) leave();
});

onAsk(find('sign-in'), 'submit', async (form) => {
  const me = await call('POST', '/session', filled(form));
  form.reset();
  await enter(me);
});

onAsk(find('set-up'), 'submit', async (form) => {
  await call('POST', '/setup', filled(form));
  form.reset();
  welcomeEverybody();
  await enter(await call('GET', '/session'));
});

onAsk(find('sign-out'), 'click', async () => {
  await call('DELETE', '/session');
  leave();
});

onAsk(find('new-channel'), 'submit', async (form) => {
  const { name } = filled(form);
  const channel = await call('POST', '/channels', { kind: 'public', name });
  form.reset();
  await loadChannels();
  await openChannel(channel.id);
  find('text').focus();
});

onAsk(find('join'), 'click', async () => {
  await call('POST', `/channels/${state.open}/join`);
  await openChannel(state.open);
});

/** The same id until the hub has it: whatever is lost on the way, it is there once. */
let clientId;

onAsk(find('send'), 'submit', async (form) => {
  const content = find('text').value;
  if (content.trim() === '') return;
  clientId ??= crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;
  const { message } = await call('POST', `/channels/${state.open}/messages`, { clientId, content });
  clientId = undefined;
  form.reset();
  roster.stopTyping();
  show(message);
});

find('text').addEventListener('input', ({ target }) => {
  clientId = undefined;
  roster.typed(target.value);
});
find('text').addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  find('send').requestSubmit();
});

async function begin() {
  try {
    await enter(await call('GET', '/session'));
  } catch (error) {
    find('enter').hidden = false;
    if (error.code === 'UNAUTHENTICATED') showEntrance();
    else tell(error.message);
  }
}

await begin();
