import type { File, FileRoom } from '../values/file.ts';
import { fileStates } from '../values/words.ts';
import { count, nullable, object, text, whole, word } from './reader.ts';
import { id } from './id.ts';

const side = nullable(object<{ width: number; height: number }>({ width: whole, height: whole }));

export const file = object<File>({
  id,
  channelId: id,
  userId: id,
  name: text,
  size: whole,
  received: whole,
  state: word(fileStates, 'uploading'),
  type: text,
  sha256: nullable(text),
  image: side,
  preview: side,
  createdAt: count,
});

export const fileRoom = object<FileRoom>({ used: whole, limit: whole, largest: whole });
