import type { Readable } from 'node:stream';
import type { File, FileRoom } from '@parley/hub-protocol';
import type { Caller } from '../access/caller.ts';
import type { Call } from '../chat/chat.ts';
import type { ByteRange } from './blobs/blob-store.ts';
import type { FileFigures } from './figures.ts';

export interface NewFile {
  readonly clientId: string;
  readonly name: string;
  readonly size: number;
}

/** A part of a file, as it came. */
export interface Part {
  /** Of its first byte in the file. */
  readonly offset: number;
  readonly bytes: Uint8Array;
  /** What its sender says of it. */
  readonly sha256?: Buffer | undefined;
}

/** A part that is to come. */
export interface ExpectedPart extends Pick<Part, 'offset'> {
  /** Undefined: it is not known yet. */
  readonly length: number | undefined;
}

export interface Bytes {
  readonly size: number;
  /** Begins to read; rejects while it can still be said. */
  readonly open: (range: ByteRange, call?: Call) => Promise<Readable>;
}

interface Content extends Bytes {
  readonly file: File;
}

/** What is uploaded. Whoever may not see a file learns nothing of it: `NOT_FOUND`. */
export interface Files {
  /** Begins an upload to a channel, or answers the one that the caller began by this client id. */
  readonly create: (caller: Caller, channelId: string, file: NewFile, call?: Call) => Promise<File>;
  /** Of messages of a channel, latest first. */
  readonly list: (
    caller: Caller,
    channelId: string,
    page: Call & { readonly before?: string | undefined; readonly limit: number },
  ) => Promise<File[]>;
  /** Of the caller, sent or not, in whatever channel, latest first. */
  readonly own: (
    caller: Caller,
    page: Call & { readonly before?: string | undefined; readonly limit: number },
  ) => Promise<File[]>;
  /** How much room the files of the caller take. */
  readonly room: (caller: Caller, call?: Call) => Promise<FileRoom>;
  readonly read: (caller: Caller, fileId: string, call?: Call) => Promise<File>;
  /** Rejects where a part that comes now would be refused for its place, or for who sends it. */
  readonly expect: (caller: Caller, fileId: string, part: ExpectedPart, call?: Call) => Promise<void>;
  readonly write: (caller: Caller, fileId: string, part: Part, call?: Call) => Promise<File>;
  readonly finish: (caller: Caller, fileId: string, sha256: string | undefined, call?: Call) => Promise<File>;
  readonly delete: (caller: Caller, fileId: string, call?: Call) => Promise<void>;
  readonly content: (caller: Caller, fileId: string, call?: Call) => Promise<Content>;
  readonly preview: (caller: Caller, fileId: string, call?: Call) => Promise<Bytes>;
  /** Removes what nobody has any more; answers how many files that was. */
  readonly collect: (call?: Call) => Promise<number>;
  /** What this node has done with files. */
  readonly figures: () => Readonly<FileFigures>;
  /** Ends what goes on when nobody waits for it. */
  readonly close: () => Promise<void>;
}
