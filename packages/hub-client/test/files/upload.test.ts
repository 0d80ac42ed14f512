import { createHash } from 'node:crypto';
import { isParleyError, virtualClock } from '@parley/cache-core/kernel';
import { callFiles, downloadFile, uploadFile, type UploadOptions } from '@parley/hub-client/files';
import { HubError, isHubError, toProblem, type File } from '@parley/hub-protocol';
import { describe, expect, it } from 'vitest';
import { ada, at, general, idOf } from '../support/values.ts';

type Refusal = (
  request: Request,
  offset: number,
) => Response | Promise<Response | 'never' | undefined> | undefined;

const answerOf = (error: HubError): Response => Response.json(toProblem(error), { status: error.status });

/** A hub that keeps one file, and refuses parts as a test says. */
function hubWith(refuse: Refusal = () => undefined) {
  const clock = virtualClock();
  const parts: number[] = [];
  let bytes = new Uint8Array();
  let size = 0;
  const file = (more: Partial<File> = {}): Response =>
    Response.json({
      id: idOf(70),
      channelId: general,
      userId: ada,
      name: 'a.bin',
      size,
      received: bytes.length,
      state: 'uploading',
      type: 'application/octet-stream',
      sha256: null,
      image: null,
      preview: null,
      createdAt: at,
      ...more,
    });
  let busy = 0;
  const respond = async (request: Request): Promise<Response | 'never'> => {
    const [, offset] = /parts\/(\d+)$/.exec(request.url) ?? [];
    if (offset === undefined) {
      if (request.url.endsWith('/finish')) return file({ state: 'ready' });
      if (request.method === 'POST') {
        const begun: { readonly size: number } = JSON.parse(await request.text());
        ({ size } = begun);
      }
      return file();
    }
    parts.push(Number(offset));
    const refused = await refuse(request.clone(), Number(offset));
    if (refused !== undefined) return refused;
    const part = new Uint8Array(await request.arrayBuffer());
    const digest = createHash('sha256').update(part).digest('base64');
    expect(request.headers.get('content-digest')).toBe(`sha-256=:${digest}:`);
    bytes = Uint8Array.from([...bytes, ...part]);
    return file();
  };
  const fetch: typeof globalThis.fetch = async (input, init) => {
    busy += 1;
    const response = await respond(new Request(input, init)).finally(() => (busy -= 1));
    return response === 'never' ? new Promise(() => {}) : response;
  };
  const options = { url: 'http://hub.test/below', token: 'secret', clock, fetch, random: () => 0.5 };
  const begin = (more: Partial<UploadOptions> = {}) => {
    const outcome = uploadFile({
      ...options,
      channelId: general,
      name: 'a.bin',
      source: new Blob([content]),
      partBytes: 65_536,
      ...more,
    });
    outcome.catch(() => undefined);
    return outcome;
  };
  return { begin, clock, parts, isBusy: () => busy > 0, options, kept: () => Buffer.from(bytes) };
}

/** Digests take real time, in which the virtual one runs. */
const patienceMs = 3_600_000;

const content = Uint8Array.from({ length: 150_000 }, (_, i) => i % 251);

/** Waits, while virtual time passes wherever the hub is not at something that takes real time. */
async function settled<T>(outcome: Promise<T>, hub: ReturnType<typeof hubWith>): Promise<T> {
  const state = { over: false };
  const end = (): void => void (state.over = true);
  outcome.then(end, end);
  while (!state.over) {
    if (!hub.isBusy()) await hub.clock.advance(50);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return outcome;
}

describe('an upload', () => {
  it('goes part by part, and tells how far it is', async () => {
    const hub = hubWith();
    const told: number[] = [];
    const file = await hub.begin({ onProgress: (received) => told.push(received) });
    expect(file.state).toBe('ready');
    expect(hub.parts).toEqual([0, 65_536, 131_072]);
    expect(told).toEqual([0, 65_536, 131_072, 150_000]);
    expect(hub.kept().equals(Buffer.from(content))).toBe(true);
  });

  it('goes on where the hub is, when a part or its answer was lost', async () => {
    const tried = new Set<number>();
    const hub = hubWith((_, offset) => {
      const isFirst = !tried.has(offset);
      tried.add(offset);
      if (!isFirst) return undefined;
      if (offset === 0) throw new TypeError('fetch failed');
      if (offset === 65_536)
        return answerOf(new HubError('CONFLICT', 'go on elsewhere', { field: 'offset' }));
      return answerOf(new HubError('RATE_LIMITED', 'wait', { retryAfter: 5_000 }));
    });
    await settled(hub.begin({ patienceMs }), hub);
    expect(hub.parts).toEqual([0, 0, 65_536, 65_536, 131_072, 131_072]);
    expect(hub.kept().equals(Buffer.from(content))).toBe(true);
  });

  it('ends at once where nothing can come of it', async () => {
    const hub = hubWith(() => answerOf(new HubError('NOT_FOUND', 'not for you')));
    await expect(hub.begin()).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(hub.parts).toEqual([0]);
  });

  it('gives up when it got no further for as long as there was patience', async () => {
    const hub = hubWith(() => answerOf(new HubError('UNAVAILABLE', 'away')));
    const begun = hub.clock.now();
    const outcome = await settled(
      hub.begin({ patienceMs: 20_000 }).catch((error: unknown) => error),
      hub,
    );
    expect(isHubError(outcome, 'TIMEOUT')).toBe(true);
    expect(hub.clock.now() - begun).toBeGreaterThanOrEqual(20_000);
  });

  it('sends less at once over a slow line', async () => {
    const sizes: number[] = [];
    const hub = hubWith(async (request) => {
      const { byteLength } = await request.arrayBuffer();
      sizes.push(byteLength);
      return byteLength > 70_000 ? 'never' : undefined;
    });
    await settled(hub.begin({ partBytes: 140_000, patienceMs }), hub);
    expect(sizes.slice(0, 2)).toEqual([140_000, 70_000]);
    expect(hub.kept().equals(Buffer.from(content))).toBe(true);
  });

  it('is given up when nobody wants it any more', async () => {
    const over = new AbortController();
    const hub = hubWith(() => {
      over.abort(new Error('no more'));
      return answerOf(new HubError('UNAVAILABLE', 'away'));
    });
    await expect(hub.begin({ signal: over.signal })).rejects.toThrow('no more');
  });

  it.each([0, 1.5, 65_535, 4_194_305])('refuses parts of %d bytes', async (partBytes) => {
    const outcome = await hubWith()
      .begin({ partBytes })
      .catch((error: unknown) => error);
    expect(isParleyError(outcome, 'INVALID_ARGUMENT')).toBe(true);
  });
});

describe('a download', () => {
  it('asks for what is missing, and rejects with the error of the hub', async () => {
    const requests: Request[] = [];
    const fetch: typeof globalThis.fetch = async (input, init) => {
      requests.push(new Request(input, init));
      return requests.length === 1
        ? new Response('llo', { status: 206 })
        : answerOf(new HubError('NOT_FOUND', 'gone'));
    };
    const options = { url: 'http://hub.test/below', token: 'secret', fetch, fileId: idOf(70) };
    const response = await downloadFile({ ...options, from: 2 });
    expect(await response.text()).toBe('llo');
    expect(requests[0]?.url).toBe(`http://hub.test/below/api/v1/files/${idOf(70)}/content`);
    expect(requests[0]?.headers.get('range')).toBe('bytes=2-');
    expect(requests[0]?.headers.get('authorization')).toBe('Bearer secret');
    await expect(downloadFile({ ...options, preview: true })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(requests[1]?.url).toMatch(/\/preview$/);
  });
});

it('files are listed by a call of their own', async () => {
  const call = callFiles({
    url: 'http://hub.test',
    fetch: async () => Response.json({ items: [], next: null }),
  });
  expect(await call('listFiles', { params: { channelId: general } })).toEqual({ items: [], next: null });
});
