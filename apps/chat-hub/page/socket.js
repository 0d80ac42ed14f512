/** The same as long as the page is open, also over connections: who comes back in time was never away. */
const session = takeSession();

/** A tab that is duplicated gets a copy of what is kept, but for what is in use. */
function takeSession() {
  const kept = sessionStorage.getItem('session');
  sessionStorage.removeItem('session');
  return (
    kept ?? Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16)).join('-')
  );
}

addEventListener('pagehide', () => sessionStorage.setItem('session', session));

/** One connection after another, for as long as it is wanted. */
export function createSocket({ wanted, hello, receive, onLost, onRefused }) {
  let socket;
  let retries = 0;
  let reconnecting;

  function connect() {
    clearTimeout(reconnecting);
    if (!wanted()) return;
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
    const opened = new WebSocket(`${scheme}://${location.host}/api/v1/socket`);
    socket = opened;
    opened.addEventListener('open', () => {
      write({ type: 'hello', version: 1, subscribe: 'joined', client: 'page', session, ...hello() });
    });
    opened.addEventListener('message', ({ data }) => {
      for (const line of data.split('\n')) if (line !== '') take(JSON.parse(line));
    });
    opened.addEventListener('close', ({ code }) => {
      if (socket !== opened || !wanted()) return;
      if (code === 4401 || code === 4403) onRefused();
      else reconnectLater();
    });
  }

  /** With a growing pause, and never all pages at the same moment. */
  function reconnectLater() {
    onLost();
    const longest = Math.min(30_000, 500 * 2 ** retries);
    retries += 1;
    reconnecting = setTimeout(connect, Math.random() * longest);
  }

  function take(frame) {
    if (frame.type === 'welcome') retries = 0;
    receive(frame);
  }

  function write(frame) {
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame));
  }

  return { connect, write, close: () => socket?.close(1000) };
}
