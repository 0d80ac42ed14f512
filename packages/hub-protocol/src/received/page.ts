import { list, nullable, object, text, type Reader } from './reader.ts';

/** A page of a list. `next` leads to the following one; null: there is none. */
export function pageOf<T>(item: Reader<T>): Reader<{ items: T[]; next: string | null }> {
  return object<{ items: T[]; next: string | null }>({ items: list(item), next: nullable(text) });
}
