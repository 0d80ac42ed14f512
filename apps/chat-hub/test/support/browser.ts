import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { programs, resolveProgram, until } from '@parley/services';
import { WebSocket } from 'ws';

interface Reply {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly message: string };
}

/** A page of a real browser, driven over its own protocol. */
export interface Page extends AsyncDisposable {
  readonly open: (url: string) => Promise<void>;
  /** What an expression comes to in the page; promises are waited for. */
  readonly evaluate: <T>(expression: string) => Promise<T>;
  /** Waits until an expression is true in the page. */
  readonly becomes: (expression: string) => Promise<void>;
  readonly resize: (width: number, height: number, scheme?: 'light' | 'dark') => Promise<void>;
  readonly screenshot: (path: string) => Promise<void>;
  /** What the page complained of: errors, and what its policy refused. */
  readonly complaints: string[];
}

export async function openPage(): Promise<Page> {
  const found = await resolveProgram(programs.chromium);
  if (found.way === 'docker') throw new Error('Chromium has no container image');
  const profile = await mkdtemp(join(tmpdir(), 'parley-page-'));
  const child = spawn(
    join(found.folder, 'chromium'),
    [
      '--headless=new',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--no-first-run',
      '--remote-debugging-port=0',
      `--user-data-dir=${profile}`,
      'about:blank',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  try {
    const socket = await connect(await addressOf(child));
    return await attach(socket, async () => {
      socket.close();
      child.kill('SIGKILL');
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    });
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
}

async function addressOf(child: ChildProcess): Promise<string> {
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text));
  const find = (): string | undefined => /DevTools listening on (ws:\S+)/.exec(said)?.[1];
  return until(find, { what: 'the browser listens', deadline: 60_000 });
}

async function connect(address: string): Promise<WebSocket> {
  const socket = new WebSocket(address);
  await new Promise((resolve, reject) => void socket.once('open', resolve).once('error', reject));
  return socket;
}

async function attach(socket: WebSocket, end: () => Promise<void>): Promise<Page> {
  const waiting = new Map<number, PromiseWithResolvers<Readonly<Record<string, unknown>>>>();
  const complaints: string[] = [];
  let last = 0;
  let session: string | undefined;
  const send = (method: string, params: object = {}): Promise<Readonly<Record<string, unknown>>> => {
    last += 1;
    const reply = Promise.withResolvers<Readonly<Record<string, unknown>>>();
    waiting.set(last, reply);
    socket.send(
      JSON.stringify({ id: last, method, params, ...(session !== undefined && { sessionId: session }) }),
    );
    return reply.promise;
  };
  socket.on('message', (data: Buffer) => {
    const reply: Reply = JSON.parse(data.toString());
    if (reply.method === 'Runtime.exceptionThrown' || reply.method === 'Log.entryAdded')
      complaints.push(JSON.stringify(reply.params));
    const asked = reply.id === undefined ? undefined : waiting.get(reply.id);
    if (reply.error !== undefined) asked?.reject(new Error(reply.error.message));
    else asked?.resolve(reply.result ?? {});
  });
  const { targetId } = await send('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await send('Target.attachToTarget', { targetId, flatten: true });
  session = String(sessionId);
  for (const domain of ['Page', 'Runtime', 'Log']) await send(`${domain}.enable`);

  const evaluate = async <T>(expression: string): Promise<T> => {
    const answer = await send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
    const result: unknown = answer['result'];
    if (answer['exceptionDetails'] !== undefined) throw new Error(JSON.stringify(answer['exceptionDetails']));
    const value: T = Reflect.get(Object(result), 'value');
    return value;
  };
  return {
    evaluate,
    complaints,
    async open(url) {
      await send('Page.navigate', { url });
    },
    async becomes(expression) {
      await until(() => evaluate<boolean>(`Boolean(${expression})`), {
        what: `in the page: ${expression}`,
        deadline: 60_000,
        every: 100,
      });
    },
    async resize(width, height, scheme = 'light') {
      await send('Emulation.setDeviceMetricsOverride', {
        width,
        height,
        deviceScaleFactor: 1,
        mobile: width < 600,
      });
      await send('Emulation.setEmulatedMedia', {
        features: [{ name: 'prefers-color-scheme', value: scheme }],
      });
    },
    async screenshot(path) {
      const { data } = await send('Page.captureScreenshot', { format: 'png' });
      await writeFile(path, Buffer.from(String(data), 'base64'));
    },
    [Symbol.asyncDispose]: end,
  };
}
