import {
  InvalidArgument,
  isParleyError,
  requireMs,
  systemClock,
  withDeadline,
} from '@parley/cache-core/kernel';
import { limits, type File } from '@parley/hub-protocol';
import { newClientId } from '../client-id.ts';
import { fileCalls } from '@parley/hub-protocol/rest';
import { callFiles } from './call-files.ts';
import { callBytes } from './byte-call.ts';
import { Patience } from './patience.ts';
import type { UploadOptions } from './upload-options.ts';

/** What a line must bring through within the time that a hub gives a request. */
const partMs = 25_000;

/** The hub reads all of a file when it ends, for about as long as this. Asked again it goes on where it is. */
const finishMs = 65_000;

/**
 * Uploads a file to a channel: then a message there can have it. It goes on where the hub, or the line to it, went away; with a `clientId` of one's
 * own also in another process.
 *
 * @throws {HubError} what the hub refuses, or did not do for as long as there was patience
 */
export async function uploadFile(options: UploadOptions): Promise<File> {
  const { channelId, name, source, sha256, signal, clock = systemClock, random = Math.random } = options;
  const limitMs = requireMs('patienceMs', options.patienceMs ?? 120_000);
  const patience = new Patience({ limitMs, clock, random, signal });
  const call = callFiles(options);
  let partBytes = partBytesOf(options);

  const put = async (file: File): Promise<File> => {
    const offset = file.received;
    const part = source.slice(offset, offset + partBytes);
    const headers = await digestOf(part);
    return withDeadline(
      partMs,
      async (signal) => {
        const params = { fileId: file.id, offset };
        await callBytes(options, fileCalls.writeFile, { params, body: part, headers, signal });
        return { ...file, received: offset + part.size };
      },
      { clock, what: 'a part of the file', signal },
    );
  };

  const body = { clientId: options.clientId ?? newClientId(), name, size: source.size };
  let file = await patience.keepOn(() => call('createFile', { params: { channelId }, body, signal }));
  const params = { fileId: file.id };
  while (file.received < file.size) {
    const before = file;
    options.onProgress?.(before.received, before.size);
    file = await patience.keepOn(async (failure) => {
      if (failure === undefined) return put(before);
      if (isParleyError(failure, 'DEADLINE_EXCEEDED'))
        partBytes = Math.max(limits.filePartMin, Math.floor(partBytes / 2));
      // What was not answered may have been done.
      const now = await call('readFile', { params, signal });
      return now.received === before.received ? put(now) : now;
    });
    patience.further();
  }
  options.onProgress?.(file.size, file.size);
  return patience.keepOn(() =>
    call('finishFile', {
      params,
      body: { ...(sha256 !== undefined && { sha256 }) },
      signal,
      deadlineMs: Math.max(options.deadlineMs ?? 0, finishMs),
    }),
  );
}

function partBytesOf({ partBytes = 1_048_576 }: UploadOptions): number {
  if (Number.isInteger(partBytes) && partBytes >= limits.filePartMin && partBytes <= limits.filePart)
    return partBytes;
  throw new InvalidArgument('partBytes', `from ${limits.filePartMin} to ${limits.filePart}`, partBytes);
}

/** Where a page came over an insecure line, there is nothing to reckon it with. */
async function digestOf(part: Blob): Promise<Record<string, string>> {
  if (!('subtle' in crypto)) return {};
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await part.arrayBuffer()));
  return { 'content-digest': `sha-256=:${btoa(String.fromCharCode(...digest))}:` };
}
