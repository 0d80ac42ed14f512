import * as z from 'zod/mini';
import { idSchema, timeSchema } from '../ids.ts';
import { knownOr, received } from '../modes.ts';
import { fileStates } from './words.ts';

const sideSchema = received({ width: z.int(), height: z.int() });

/** Something that was uploaded to a channel. */
export const fileSchema = received({
  id: idSchema,
  channelId: idSchema,
  /** Who uploaded it. */
  userId: idSchema,
  /** As its uploader calls it. It leads nowhere: what is kept is named by the hub. */
  name: z.string(),
  /** How many bytes it has. */
  size: z.int(),
  /** How many of them the hub has: the place at which an upload goes on. */
  received: z.int(),
  state: knownOr(fileStates, 'uploading'),
  /** Found in its bytes, whatever its name says. */
  type: z.string(),
  /** Of all of its bytes, in hexadecimal digits. */
  sha256: z.nullable(z.string()),
  /** Of a picture that could be read. */
  image: z.nullable(sideSchema),
  /** Null: there is none. */
  preview: z.nullable(sideSchema),
  createdAt: timeSchema,
});
export type File = z.infer<typeof fileSchema>;

/** How much of what may be kept somebody has, in bytes. */
export const fileRoomSchema = received({
  used: z.int(),
  /** Of all of their files together. */
  limit: z.int(),
  /** Of one file. */
  largest: z.int(),
});
export type FileRoom = z.infer<typeof fileRoomSchema>;
