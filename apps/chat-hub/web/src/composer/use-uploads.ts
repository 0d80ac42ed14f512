import { useState, useSyncExternalStore } from 'react';
import { createValue } from '../hub/value.ts';
import type { Upload, Uploads } from './uploads.ts';

const opened = createValue<ReadonlyMap<string, Uploads>>(new Map());
const none: readonly Upload[] = [];
const getNone = () => none;
const neverTells = () => () => {};

export interface UploadsHere {
  /** Undefined: there was no file yet. */
  readonly uploads: Uploads | undefined;
  readonly files: readonly Upload[];
  /** Whether files were given that are not among them yet. */
  readonly isTaking: boolean;
  /** @returns what was not taken, and why, as a sentence */
  readonly take: (files: readonly File[]) => Promise<string | undefined>;
}

/** What goes with a message that is written at a place. What uploads is loaded with the first file. */
export function useUploads(key: string, channelId: string): UploadsHere {
  const uploads = opened.use().get(key);
  const files = useSyncExternalStore(uploads?.subscribe ?? neverTells, uploads?.all ?? getNone);
  const [taking, setTaking] = useState(0);
  return {
    uploads,
    files,
    isTaking: taking > 0,
    async take(given) {
      setTaking((count) => count + 1);
      try {
        return (await openUploads(key, channelId)).add(given);
      } catch {
        return 'The files could not be taken, because the hub cannot be reached. Choose them again later.';
      } finally {
        setTaking((count) => count - 1);
      }
    },
  };
}

async function openUploads(key: string, channelId: string): Promise<Uploads> {
  const { Uploads } = await import('./uploads.ts');
  const uploads = opened.get().get(key) ?? new Uploads(channelId);
  opened.set(new Map(opened.get()).set(key, uploads));
  return uploads;
}
