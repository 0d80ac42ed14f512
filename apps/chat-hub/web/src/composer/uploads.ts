import { isHubError, limits, type File as HubFile } from '@parley/hub-protocol';
import { sentenceOf } from '../hub/problem.ts';
import { url } from '../hub/sign-in.ts';
import { keepPage } from '../shell/at-stake.ts';
import { newClientId } from './client-id.ts';
import { sendableName } from './file-name.ts';
import { sizeText } from './file-size.ts';
import { noteFile } from './known-files.ts';

/** A file that is to go with a message. */
export interface Upload {
  /** The same for each attempt: the hub goes on where it was. */
  readonly clientId: string;
  readonly name: string;
  readonly size: number;
  /** How many bytes the hub has. */
  readonly received: number;
  readonly state: 'waiting' | 'uploading' | 'paused' | 'ready' | 'failed';
  /** What went wrong, as a sentence. */
  readonly problem: string | undefined;
  /** Whether it may yet come to something. */
  readonly canRetry: boolean;
  /** Of a picture, from this machine. */
  readonly preview: string | undefined;
  readonly file: HubFile | undefined;
}

interface Source {
  readonly blob: Blob;
  stop: AbortController | undefined;
}

const atOnce = 2;
const pictures = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif']);

/** What is uploaded at one place. It goes on while somebody looks at another. */
export class Uploads {
  readonly #channelId: string;
  readonly #sources = new Map<string, Source>();
  readonly #listeners = new Set<() => void>();
  #all: readonly Upload[] = [];

  constructor(channelId: string) {
    this.#channelId = channelId;
    const isUnderWay = (): boolean =>
      this.#all.some(({ state }) => state === 'uploading' || state === 'waiting');
    keepPage(isUnderWay);
    addEventListener('beforeunload', (event) => isUnderWay() && event.preventDefault());
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };
  readonly all = (): readonly Upload[] => this.#all;

  /** @returns what was not taken, and why, as a sentence */
  add(files: readonly File[]): string | undefined {
    const free = limits.messageFiles - this.#all.length;
    for (const file of files.slice(0, free)) this.#take(file);
    this.#pump();
    return files.length > free ? `A message has at most ${limits.messageFiles} files.` : undefined;
  }

  #take(file: File): void {
    const { size } = file;
    const clientId = newClientId();
    const problem =
      size === 0
        ? 'It is empty, or a folder.'
        : size > limits.fileBytes
          ? `It has ${sizeText(size)}, and a file may have ${sizeText(limits.fileBytes)}.`
          : undefined;
    this.#sources.set(clientId, { blob: file, stop: undefined });
    const upload: Upload = {
      clientId,
      name: sendableName(file.name),
      size,
      received: 0,
      state: problem === undefined ? 'waiting' : 'failed',
      problem,
      canRetry: false,
      preview: pictures.has(file.type) ? URL.createObjectURL(file) : undefined,
      file: undefined,
    };
    this.#show([...this.#all, upload]);
  }

  pause(clientId: string): void {
    this.#change(clientId, { state: 'paused' });
    this.#sources.get(clientId)?.stop?.abort();
    this.#pump();
  }

  /** Goes on where the hub is. */
  retry(clientId: string): void {
    this.#change(clientId, { state: 'waiting', problem: undefined });
    this.#pump();
  }

  /** Takes it out, and away from the hub. */
  remove(clientId: string): void {
    const upload = this.#find(clientId);
    const source = this.#sources.get(clientId);
    if (upload === undefined || source === undefined) return;
    source.stop?.abort();
    this.#forget(upload);
    if (upload.state !== 'waiting') void giveBack(this.#channelId, upload).catch(() => {});
    this.#pump();
  }

  /** They belong to a message now. */
  release(): void {
    for (const upload of this.#all) this.#forget(upload);
  }

  #forget({ clientId, preview }: Upload): void {
    if (preview !== undefined) URL.revokeObjectURL(preview);
    this.#sources.delete(clientId);
    this.#show(this.#all.filter((one) => one.clientId !== clientId));
  }

  #pump(): void {
    const busy = this.#all.filter(({ state }) => state === 'uploading').length;
    for (const { clientId } of this.#all
      .filter(({ state }) => state === 'waiting')
      .slice(0, Math.max(0, atOnce - busy)))
      void this.#run(clientId);
  }

  async #run(clientId: string): Promise<void> {
    const upload = this.#find(clientId);
    const source = this.#sources.get(clientId);
    if (upload === undefined || source === undefined) return;
    const stop = new AbortController();
    source.stop = stop;
    this.#change(clientId, { state: 'uploading' });
    try {
      const { uploadFile } = await import('@parley/hub-client/files');
      const file = await uploadFile({
        url,
        channelId: this.#channelId,
        name: upload.name,
        source: source.blob,
        clientId,
        signal: stop.signal,
        onProgress: (received) => this.#change(clientId, { received }),
      });
      noteFile(file);
      if (!stop.signal.aborted) this.#change(clientId, { state: 'ready', file, received: file.size });
    } catch (error) {
      if (!stop.signal.aborted)
        this.#change(clientId, {
          state: 'failed',
          problem: `${sentenceOf(error)}.`,
          canRetry: mayRetry(error),
        });
    }
    this.#pump();
  }

  #find(clientId: string): Upload | undefined {
    return this.#all.find((one) => one.clientId === clientId);
  }

  #change(clientId: string, change: Partial<Upload>): void {
    this.#show(this.#all.map((one) => (one.clientId === clientId ? { ...one, ...change } : one)));
  }

  #show(all: readonly Upload[]): void {
    this.#all = all;
    for (const listener of this.#listeners) listener();
  }
}

/** What is refused for good stays refused; room may be made, and a file that was changed on this machine is read anew. */
const mayRetry = (error: unknown): boolean =>
  !isHubError(error) || error.retryable || error.code === 'LIMIT_REACHED';

/** The same client id tells which file it was, also where that was never heard. */
async function giveBack(channelId: string, { clientId, name, size, file, received }: Upload): Promise<void> {
  if (file === undefined && received === 0) return;
  const { callFiles } = await import('@parley/hub-client/files');
  const call = callFiles({ url });
  const found = file ?? (await call('createFile', { params: { channelId }, body: { clientId, name, size } }));
  await call('deleteFile', { params: { fileId: found.id } });
}
