/** Where something is written: a channel, or a thread in it. */
export interface WritingPlace {
  readonly channelId: string;
  readonly threadId: string | null;
}

export const placeKey = ({ channelId, threadId }: WritingPlace): string =>
  threadId === null ? channelId : `${channelId}.${threadId}`;

interface Draft {
  readonly text: string;
  /** When it was changed last. */
  readonly at: number;
}

const saveMs = 300;
const mostKept = 200;
/** More than any message may have: what is too long to be sent is kept all the same. */
const longest = 100_000;

/** What somebody has begun to write, by place. It outlives the page, in this browser. */
export class Drafts {
  readonly #prefix: string;
  readonly #drafts = new Map<string, Draft>();
  readonly #listeners = new Set<() => void>();
  readonly #unsaved = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #channels: ReadonlySet<string> = new Set();

  constructor(userId: string) {
    this.#prefix = `parley.draft.${userId}.`;
    this.#read();
    this.#count();
    addEventListener('pagehide', () => this.#save());
    addEventListener('storage', ({ key, newValue }) => {
      if (key?.startsWith(this.#prefix) === true) this.#take(key.slice(this.#prefix.length), newValue);
    });
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  text(key: string): string {
    return this.#drafts.get(key)?.text ?? '';
  }

  /** The channels in which something is begun, in a thread or not. The same set while they are the same. */
  readonly channels = (): ReadonlySet<string> => this.#channels;

  set(key: string, text: string): void {
    if (this.text(key) === text) return;
    if (text === '') this.#drafts.delete(key);
    else this.#drafts.set(key, { text, at: Date.now() });
    this.#unsaved.add(key);
    this.#timer ??= setTimeout(() => this.#save(), saveMs);
    this.#changed();
  }

  #changed(): void {
    this.#count();
    for (const listener of this.#listeners) listener();
  }

  #count(): void {
    const found = new Set<string>();
    for (const [key, { text }] of this.#drafts)
      if (text.trim() !== '') found.add(key.split('.', 1)[0] ?? key);
    if (found.size === this.#channels.size && [...found].every((id) => this.#channels.has(id))) return;
    this.#channels = found;
  }

  /** Another tab wrote. */
  #take(key: string, value: string | null): void {
    const draft = readDraft(value);
    if (draft === undefined) this.#drafts.delete(key);
    else this.#drafts.set(key, draft);
    this.#changed();
  }

  #read(): void {
    try {
      for (const name of Object.keys(localStorage)) {
        if (!name.startsWith(this.#prefix)) continue;
        const draft = readDraft(localStorage.getItem(name));
        if (draft !== undefined) this.#drafts.set(name.slice(this.#prefix.length), draft);
      }
    } catch {
      // A browser may forbid it to keep anything.
    }
  }

  #save(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const oldest = [...this.#drafts].toSorted(([, a], [, b]) => a.at - b.at);
    for (const [key] of oldest.slice(0, -mostKept)) {
      this.#drafts.delete(key);
      this.#unsaved.add(key);
    }
    try {
      for (const key of this.#unsaved) {
        const draft = this.#drafts.get(key);
        if (draft === undefined || draft.text.trim() === '') localStorage.removeItem(this.#prefix + key);
        else
          localStorage.setItem(
            this.#prefix + key,
            JSON.stringify({ ...draft, text: draft.text.slice(0, longest) }),
          );
      }
      this.#unsaved.clear();
    } catch {
      // There is no room: it holds until the page is closed, and is tried again with the next change.
    }
  }
}

function readDraft(value: string | null): Draft | undefined {
  try {
    const kept: unknown = JSON.parse(value ?? 'null');
    if (typeof kept !== 'object' || kept === null || !('text' in kept) || !('at' in kept)) return undefined;
    const { text, at } = kept;
    return typeof text === 'string' && typeof at === 'number' ? { text, at } : undefined;
  } catch {
    return undefined;
  }
}

const opened = new Map<string, Drafts>();

export function draftsOf(userId: string): Drafts {
  const drafts = opened.get(userId) ?? new Drafts(userId);
  opened.set(userId, drafts);
  return drafts;
}
