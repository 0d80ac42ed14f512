/** What an agent does, and where. */
export interface Step {
  readonly who: string;
  readonly in: string;
  /** How long it waits before it begins, in seconds. @default a few, at random */
  readonly after?: number;
  /** By which later steps find the message. */
  readonly as?: string;
  /** In the thread of that message. */
  readonly thread?: string;
  /** Quotes that message. */
  readonly reply?: string;
  readonly says?: string;
  /** As models speak: word by word. */
  readonly streams?: string;
  /** Beside what it says, one after the other. */
  readonly thinks?: readonly string[];
  readonly uses?: readonly Use[];
  readonly reacts?: { readonly to: string; readonly emoji: string };
  readonly pins?: string;
  readonly shows?: Picture;
}

/** A tool that an agent uses. */
export interface Use {
  readonly text: string;
  readonly tool: string;
  readonly input: Readonly<Record<string, string | number>>;
  readonly result: string;
}

export interface Picture {
  readonly name: string;
  readonly svg: string;
}

/** What belongs together. It is played as a whole. */
export type Scene = readonly Step[];
