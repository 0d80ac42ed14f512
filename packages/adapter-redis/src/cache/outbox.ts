/** What is said in one turn of the event loop is sent together, and succeeds or fails together. */
export function createOutbox<Item>(
  send: (items: readonly Item[]) => Promise<unknown>,
): (item: Item) => Promise<unknown> {
  let waiting: Item[] = [];
  let sending: Promise<unknown> | undefined;
  return (item) => {
    waiting.push(item);
    sending ??= new Promise((resolve, reject) => {
      setImmediate(() => {
        const items = waiting;
        waiting = [];
        sending = undefined;
        send(items).then(resolve, reject);
      });
    });
    return sending;
  };
}
