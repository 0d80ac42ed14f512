import { callFiles } from '@parley/hub-client/files';
import type { File, Message } from '@parley/hub-protocol';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useHub } from '../hub/context.ts';

const call = callFiles({ url: location.origin });
const pageSize = 50;

export interface ChannelFiles {
  /** Undefined: not read yet. */
  readonly files: readonly File[] | undefined;
  readonly more: boolean;
  readonly busy: boolean;
  readonly error: unknown;
  /** Reads the next page, or again what could not be read. */
  readonly read: () => Promise<void>;
  readonly remove: (fileId: string) => Promise<void>;
}

/** The files of a channel, latest first, page by page; those of new messages come by themselves. */
export function useFiles(channelId: string): ChannelFiles {
  const hub = useHub();
  const [files, setFiles] = useState<readonly File[]>();
  const [next, setNext] = useState<string | null>();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const running = useRef(false);

  const read = useCallback(async (): Promise<void> => {
    if (running.current) return;
    running.current = true;
    setBusy(true);
    setError(undefined);
    try {
      const query = { limit: pageSize, ...(next != null && { cursor: next }) };
      const page = await call('listFiles', { params: { channelId }, query });
      setFiles((known = []) => unique([...known, ...page.items]));
      setNext(page.next);
    } catch (failure) {
      setError(failure);
    } finally {
      running.current = false;
      setBusy(false);
    }
  }, [channelId, next]);
  const first = useRef(read);
  useEffect(() => void first.current(), []);

  useEffect(() => {
    const hear = ({ message }: { readonly message: Message }): void => {
      const { files: fresh = [] } = message;
      if (message.channelId === channelId && fresh.length > 0)
        setFiles((known) => known && unique([...fresh, ...known]));
    };
    const ends = [hub.on('channel.message', hear), hub.on('thread.message', hear)];
    return () => {
      for (const end of ends) end();
    };
  }, [hub, channelId]);

  const remove = useCallback(async (fileId: string): Promise<void> => {
    await call('deleteFile', { params: { fileId } });
    setFiles((known) => known?.filter(({ id }) => id !== fileId));
  }, []);
  return { files, more: next != null, busy, error, read, remove };
}

function unique(files: readonly File[]): readonly File[] {
  return [...new Map(files.map((file) => [file.id, file])).values()];
}
