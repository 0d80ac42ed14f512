/** A call, as those who made it saw it. */
export interface Operation<Input, Output> {
  /** Who made it, for messages. */
  readonly by: string;
  readonly input: Input;
  readonly calledAt: number;
  /** Undefined: nobody knows what became of it. It may have taken effect at any time since, or never. */
  readonly answer?: { readonly output: Output; readonly at: number } | undefined;
}

/** How the thing would behave if one call came after another. */
export interface SequentialModel<State, Input, Output> {
  readonly initial: State;
  /**
   * The state after a call, or undefined when it cannot have had this output in this state. With an undefined output: the state in which the
   * call leaves it when it takes effect, undefined when it cannot.
   */
  readonly step: (state: State, input: Input, output: Output | undefined) => State | undefined;
  /** The same text for the same state, and for no other. */
  readonly describe: (state: State) => string;
  /** The same text for calls that do the same: of those of which nobody knows what became, the earliest is tried first, and no other before it. */
  readonly alike?: (input: Input) => string;
}

export type Verdict<Input, Output> =
  | { readonly linearizable: true; readonly order: readonly Operation<Input, Output>[] }
  /** The longest order that could be found, and what could not come next: one of these is wrong. */
  | {
      readonly linearizable: false;
      readonly longest: readonly Operation<Input, Output>[];
      readonly stuck: readonly Operation<Input, Output>[];
    };

export interface CheckOptions {
  /** After so many steps it gives up, and throws: the search may take exponentially long. @default 5_000_000 */
  readonly maxSteps?: number;
}

/** A call or its return, in the order of time; calls that were ordered already are taken out, with their return. */
interface Event<Input, Output> {
  readonly index: number;
  readonly operation: Operation<Input, Output> | undefined;
  readonly kind: 'head' | 'call' | 'return';
  match: Event<Input, Output> | undefined;
  prev: Event<Input, Output> | undefined;
  next: Event<Input, Output> | undefined;
}

/**
 * Whether there is an order of the calls in which each took effect between its beginning and its end, and all outputs are those of the model:
 * the algorithm of Wing and Gong, remembering what it has been at, as Lowe does.
 */
export function checkLinearizable<State, Input, Output>(
  model: SequentialModel<State, Input, Output>,
  history: readonly Operation<Input, Output>[],
  { maxSteps = 5_000_000 }: CheckOptions = {},
): Verdict<Input, Output> {
  const head = eventsOf(history);
  const before = predecessorsOf(model, history);
  let open = history.filter(({ answer }) => answer !== undefined).length;
  const done = new Uint32Array(Math.ceil(history.length / 32));
  const seen = new Set<string>();
  const order: { readonly event: Event<Input, Output>; readonly before: State }[] = [];
  let best: readonly Operation<Input, Output>[] = [];
  let stuck: readonly Operation<Input, Output>[] = [];
  let state = model.initial;
  let event = head.next;
  // Those of whom it is known that they came about are tried first: most of the others never did.
  let known = true;
  let steps = 0;
  const ordered = (): Operation<Input, Output>[] => order.flatMap(({ event }) => event.operation ?? []);

  while (open > 0) {
    if ((steps += 1) > maxSteps) throw new Error(`undecided after ${maxSteps} steps`);
    if (event?.kind === 'call' && event.operation !== undefined) {
      const { input, answer } = event.operation;
      const earlier = before.get(event.index);
      const inTurn = (answer !== undefined) === known && (earlier === undefined || isSet(done, earlier));
      const next = inTurn ? model.step(state, input, answer?.output) : undefined;
      if (next !== undefined) {
        flip(done, event.index);
        const place = `${done.join()}|${model.describe(next)}`;
        if (!seen.has(place)) {
          seen.add(place);
          order.push({ event, before: state });
          state = next;
          if (answer !== undefined) open -= 1;
          lift(event);
          event = head.next;
          known = true;
          continue;
        }
        flip(done, event.index);
      }
      event = event.next;
      continue;
    }
    if (known) {
      known = false;
      event = head.next;
      continue;
    }
    // Somebody has returned who is not ordered yet: what was tried last was wrong.
    if (order.length >= best.length) {
      best = ordered();
      stuck = waitingAt(head);
    }
    const last = order.pop();
    if (last === undefined) return { linearizable: false, longest: best, stuck };
    state = last.before;
    flip(done, last.event.index);
    if (last.event.operation?.answer !== undefined) open += 1;
    unlift(last.event);
    event = last.event.next;
    known = last.event.operation?.answer !== undefined;
  }
  return { linearizable: true, order: ordered() };
}

/** Of calls that do the same and of which nothing is known: the one before, whose place each could take. */
function predecessorsOf<State, Input, Output>(
  { alike }: SequentialModel<State, Input, Output>,
  history: readonly Operation<Input, Output>[],
): ReadonlyMap<number, number> {
  const unknown = [...history.entries()].filter(([, { answer }]) => answer === undefined);
  const groups = Map.groupBy(unknown, ([index, { input }]) => alike?.(input) ?? `#${index}`);
  const before = new Map<number, number>();
  for (const group of groups.values()) {
    const indexes = group.sort(([, a], [, b]) => a.calledAt - b.calledAt).map(([index]) => index);
    for (const [i, index] of indexes.entries()) {
      const earlier = indexes[i - 1];
      if (earlier !== undefined) before.set(index, earlier);
    }
  }
  return before;
}

function eventsOf<Input, Output>(history: readonly Operation<Input, Output>[]): Event<Input, Output> {
  const bare = { match: undefined, prev: undefined, next: undefined };
  const all = history.flatMap((operation, index) => {
    const call: Event<Input, Output> = { ...bare, index, operation, kind: 'call' };
    if (operation.answer === undefined) return [{ at: operation.calledAt, event: call }];
    const end: Event<Input, Output> = { ...bare, index, operation, kind: 'return' };
    call.match = end;
    return [
      { at: operation.calledAt, event: call },
      { at: operation.answer.at, event: end },
    ];
  });
  // Where the clock saw no difference they may have overlapped: calls come first.
  all.sort((a, b) => a.at - b.at || Number(a.event.kind === 'return') - Number(b.event.kind === 'return'));
  const head: Event<Input, Output> = { ...bare, index: -1, operation: undefined, kind: 'head' };
  let last = head;
  for (const { event } of all) {
    last.next = event;
    event.prev = last;
    last = event;
  }
  return head;
}

function lift<Input, Output>(call: Event<Input, Output>): void {
  for (const event of [call, call.match]) {
    if (event?.prev !== undefined) event.prev.next = event.next;
    if (event?.next !== undefined) event.next.prev = event.prev;
  }
}

/** In the reverse order of lifting, so that each finds its neighbours as they were. */
function unlift<Input, Output>(call: Event<Input, Output>): void {
  for (const event of [call.match, call]) {
    if (event?.prev !== undefined) event.prev.next = event;
    if (event?.next !== undefined) event.next.prev = event;
  }
}

/** Those who were under way up to the first return that could not be ordered. */
function waitingAt<Input, Output>(head: Event<Input, Output>): Operation<Input, Output>[] {
  const found: Operation<Input, Output>[] = [];
  for (let event = head.next; event?.kind === 'call'; event = event.next)
    if (event.operation !== undefined) found.push(event.operation);
  return found;
}

function isSet(bits: Uint32Array, index: number): boolean {
  return (((bits[index >>> 5] ?? 0) >>> (index & 31)) & 1) === 1;
}

function flip(bits: Uint32Array, index: number): void {
  bits[index >>> 5] = (bits[index >>> 5] ?? 0) ^ (1 << (index & 31));
}
