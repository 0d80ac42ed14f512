/** What a page tells of itself, by its own clock. */
export interface Testimony {
  /** Messages in the order in which they were drawn: id, number, when it was due by the machine's clock, when it was drawn by the page's. */
  readonly painted: readonly (readonly [id: string, number: number, due: number, at: number])[];
  /** Ids of messages that stood one right behind the other, at any time. */
  readonly neighbours: readonly (readonly [string, string])[];
  /** Ids that stood in the page twice at the same time. */
  readonly doubled: readonly string[];
  readonly rows: number;
  /** Milliseconds of what kept the page from anything else for longer than 50. */
  readonly tasks: readonly number[];
  /** From a key until the page hears of it. */
  readonly keys: readonly number[];
  /** And until what it does is drawn. */
  readonly keysPainted: readonly number[];
}

/** Evaluated in a page that shows a channel; what it finds is read by `testimony`. */
export function witness(run: string): string {
  return `(() => {
  const found = { painted: [], neighbours: new Map(), doubled: new Set(), rows: 0, tasks: [], keys: [], keysPainted: [] };
  window.parleyWitness = found;
  const known = new Set();
  // A page shows what is written as Markdown is written: what stands between tildes is struck through, without them.
  const mark = /${run}~?([0-9a-z]{8})([0-9a-z]{10}) /;
  // What is asked for in a frame, and done behind it: then the frame is drawn.
  const drawn = (then) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => { port1.close(); then(performance.now()); };
    port2.postMessage(0);
  });
  const look = () => {
    const rows = [...document.querySelectorAll('[role="log"] [data-message]')];
    found.rows = Math.max(found.rows, rows.length);
    const fresh = [];
    const ids = rows.map((row) => row.getAttribute('data-message'));
    const here = new Set();
    for (const [i, id] of ids.entries()) {
      if (here.has(id)) found.doubled.add(id);
      here.add(id);
      if (i > 0) found.neighbours.set(ids[i - 1] + ' ' + id, [ids[i - 1], id]);
      if (known.has(id)) continue;
      const [said, number, due] = mark.exec(rows[i].textContent) ?? [];
      if (said === undefined) continue;
      known.add(id);
      fresh.push([id, parseInt(number, 36), parseInt(due, 36) / 1000]);
    }
    if (fresh.length > 0) drawn((now) => { for (const one of fresh) found.painted.push([...one, now]); });
  };
  look();
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true });
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) found.tasks.push(duration);
  }).observe({ type: 'longtask' });
  addEventListener('keydown', ({ timeStamp }) => {
    found.keys.push(performance.now() - timeStamp);
    drawn((now) => found.keysPainted.push(now - timeStamp));
  }, true);
})()`;
}

export const testimony = `({
  ...window.parleyWitness,
  neighbours: [...window.parleyWitness.neighbours.values()],
  doubled: [...window.parleyWitness.doubled],
})`;
