import type { Context } from './context.ts';
import type { ExitCode } from './exit-codes.ts';

/** A flag or a value that is given by name. */
export interface Option {
  readonly type: 'flag' | 'text' | 'number';
  readonly summary: string;
  readonly short?: string;
  /** What stands for the value in help. */
  readonly value?: string;
  /** May be given several times. */
  readonly many?: true;
  readonly oneOf?: readonly string[];
}
export type Options = Readonly<Record<string, Option>>;

/** What is given by its place. */
export interface Argument {
  readonly name: string;
  readonly summary: string;
  readonly optional?: true;
  /** All that follow. */
  readonly many?: true;
}

interface Example {
  /** As it is typed, beginning with `parley` or with what is piped into it. */
  readonly line: string;
  readonly says: string;
}

type ValueOf<O extends Option> = O extends { readonly type: 'flag' }
  ? boolean
  : O extends { readonly type: 'number' }
    ? number
    : O extends { readonly oneOf: ReadonlyArray<infer Word> }
      ? O extends { readonly many: true }
        ? readonly Word[]
        : Word
      : O extends { readonly many: true }
        ? readonly string[]
        : string;

export type Values<O extends Options> = { readonly [K in keyof O]?: ValueOf<O[K]> };

type PlaceOf<A extends Argument> = A extends { readonly many: true }
  ? readonly string[]
  : A extends { readonly optional: true }
    ? string | undefined
    : string;

type Places<A extends readonly Argument[]> = {
  readonly [One in A[number] as One['name']]: PlaceOf<One>;
};

/** What a command was given, checked against its table. */
interface Given<O extends Options, A extends readonly Argument[]> {
  readonly options: Values<O>;
  readonly args: Places<A>;
}

export interface Command<O extends Options = Options, A extends readonly Argument[] = readonly Argument[]> {
  /** `['channel', 'create']` */
  readonly path: readonly string[];
  /** One line, without a full stop. */
  readonly summary: string;
  /** What else there is to know, in paragraphs. */
  readonly about?: readonly string[];
  readonly args: A;
  readonly options: O;
  readonly examples: readonly Example[];
  /** Answers with what the program ends; nothing means that all went well. */
  readonly run: (context: Context, given: Given<O, A>) => Promise<ExitCode | void>;
}

/** A command of which only the parser knows what it takes. */
export type AnyCommand = Omit<Command, 'run'> & {
  readonly run: (context: Context, given: AnyGiven) => Promise<ExitCode | void>;
};

export interface AnyGiven {
  readonly options: Readonly<Record<string, boolean | string | number | readonly string[]>>;
  readonly args: Readonly<Record<string, string | readonly string[] | undefined>>;
}

export function defineCommand<const O extends Options, const A extends readonly Argument[]>(
  command: Command<O, A>,
): AnyCommand {
  // What it is given was read by the same table that it is typed by.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return command as unknown as AnyCommand;
}
