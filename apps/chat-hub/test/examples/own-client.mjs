// Prints the messages of every channel that its user is in, each once and in order, whatever happens to the connection.
// Nothing of ours is imported: this is what a client in any language does.
const { HUB = 'http://127.0.0.1:7788', TOKEN: token } = process.env;
const address = `${HUB.replace(/^http/, 'ws')}/api/v1/socket`;
const headers = { authorization: `Bearer ${token}` };

function print({ seq, content }) {
  process.stdout.write(`${seq} ${content}\n`);
}

// #region apply
let epoch;
/** The number of the last event that was applied, of each channel. */
const positions = {};

function apply(socket, { channelId, seq, event }) {
  if (seq === undefined) return; // typing and the like: not of the log
  const have = positions[channelId];
  if (have === undefined || seq <= have) return; // not read yet, or had already
  if (seq > have + 1) {
    ask(socket, channelId); // something is missing
    return;
  }
  if (event.type === 'channel.message' || event.type === 'thread.message') print(event.message);
  positions[channelId] = seq; // events that one has no use for count too
}

function ask(socket, channelId) {
  const after = positions[channelId];
  socket.send(JSON.stringify({ type: 'subscribe', channelId, after, epoch }));
}
// #endregion apply

// #region load
/** Begins with a channel anew: the messages that are there, and the number that they stand for. */
async function load(socket, channelId) {
  delete positions[channelId];
  const reply = await fetch(`${HUB}/api/v1/channels/${channelId}/messages?limit=50`, { headers });
  if (!reply.ok) throw new Error(`${channelId} cannot be read: ${reply.status}`);
  const page = await reply.json();
  page.items.forEach(print);
  positions[channelId] = page.seq;
  epoch = page.epoch;
  ask(socket, channelId); // what came since
}
// #endregion load

// #region connect
/** The same with every connection: who comes back in time was never away to others. */
const session = crypto.randomUUID();
const final = new Set([4400, 4401, 4403, 4409, 4413]);
let pause = 0;

function connect() {
  const socket = new WebSocket(address);
  let heard = Date.now();
  let ended = false;
  const beat = setInterval(() => {
    if (Date.now() - heard > 50_000) socket.close();
    else if (Date.now() - heard > 25_000) socket.send('{"type":"ping"}');
  }, 5_000);
  socket.addEventListener('open', () => {
    const subscribe = 'joined';
    socket.send(JSON.stringify({ type: 'hello', version: 1, token, session, subscribe, epoch, positions }));
  });
  socket.addEventListener('message', ({ data }) => {
    heard = Date.now();
    for (const line of data.split('\n')) take(socket, JSON.parse(line));
  });
  function end({ code }) {
    if (ended) return;
    ended = true;
    clearInterval(beat);
    if (final.has(code)) process.exit(1); // it would happen again
    pause = Math.min(30_000, Math.max(500, pause * 2));
    setTimeout(connect, Math.random() * pause);
  }
  socket.addEventListener('close', end);
  socket.addEventListener('error', end); // some platforms tell no more when nobody answers
}

function take(socket, frame) {
  const { channelId } = frame;
  if (frame.type === 'welcome') pause = 0;
  if (frame.type === 'event') apply(socket, frame);
  if (frame.type === 'resync' || (frame.type === 'caught_up' && positions[channelId] === undefined))
    load(socket, channelId).catch(() => socket.close());
  if (frame.type === 'gone') delete positions[channelId];
  if (frame.type === 'heads')
    for (const [id, head] of Object.entries(frame.heads)) if (head > positions[id]) ask(socket, id);
}

connect();
// #endregion connect
