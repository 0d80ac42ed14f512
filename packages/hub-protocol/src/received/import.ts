import { list, object, text, whole } from './reader.ts';

export const importReport = object({
  added: whole,
  known: whole,
  refused: list(object({ line: whole, reason: text })),
});
