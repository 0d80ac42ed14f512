import { callHubAsAdmin } from '@parley/hub-client/admin';
import { defineCommand } from '../../command.ts';
import { exitCodes } from '../../exit-codes.ts';
import { facts } from '../../facts.ts';
import { urlText } from '../../hub-url.ts';

const patienceMs = 5_000;

export const hubStatus = defineCommand({
  path: ['hub', 'status'],
  summary: 'Tells whether a hub runs, whether it is ready, and its version',
  about: ['Ends with 0 when the hub is ready and with 4 when it is not. Nobody need be signed in.'],
  args: [],
  options: {},
  examples: [
    { line: 'parley hub status', says: 'The hub on this machine, or of the last login' },
    { line: 'parley hub status --url https://hub.example --json', says: 'Another one, for a program' },
    { line: 'until parley hub status > hub.txt; do sleep 1; done', says: 'Waits until it is ready' },
  ],
  async run({ world, out, url: where }) {
    const url = await where();
    const [alive, ready] = await Promise.all([
      probe(world.fetch, url, 'healthz'),
      probe(world.fetch, url, 'readyz'),
    ]);
    const version = alive.ok ? await versionOf(url, world.fetch) : null;
    const reasons = alive.reason === undefined ? ready.reasons : [alive.reason];
    const status = { url: urlText(url), alive: alive.ok, ready: ready.ok, reasons, version };
    const state = ready.ok ? 'ready' : alive.ok ? 'alive, not ready' : 'not reachable';
    await out.result(
      status,
      facts([
        ['hub', status.url],
        ['state', state],
        ['because', reasons.join(', ')],
        ['version', version],
      ]),
    );
    if (!alive.ok) out.note('parley hub start starts one here; --url or PARLEY_URL name another');
    return ready.ok ? exitCodes.ok : exitCodes.unreachable;
  },
});

interface Probe {
  readonly ok: boolean;
  /** Why nothing of use was answered. */
  readonly reason?: string;
  /** Why the hub says that it is not ready. */
  readonly reasons: readonly string[];
}

async function probe(fetch: typeof globalThis.fetch, url: URL, path: string): Promise<Probe> {
  try {
    const response = await fetch(new URL(`${url.pathname.replace(/\/$/, '')}/${path}`, url), {
      signal: AbortSignal.timeout(patienceMs),
    });
    const said: unknown = await response.json().catch(() => undefined);
    // A problem, as hubs answer it for an address that they do not know, has a number there.
    if (typeof said !== 'object' || said === null || !('status' in said) || typeof said.status !== 'string')
      return { ok: false, reason: `it is not a hub: it answered ${response.status}`, reasons: [] };
    const reasons = 'reasons' in said && Array.isArray(said.reasons) ? said.reasons.map(String) : [];
    return { ok: response.ok, reasons };
  } catch (error) {
    return { ok: false, reason: whyNot(error), reasons: [] };
  }
}

function whyNot(error: unknown): string {
  if (error instanceof Error && error.name === 'TimeoutError')
    return `it did not answer within ${patienceMs / 1_000} s`;
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause
    ? `it cannot be reached (${String(cause.code)})`
    : 'it cannot be reached';
}

/** The hub tells it with its interface. Not being told it is no failure. */
async function versionOf(url: URL, fetch: typeof globalThis.fetch): Promise<string | null> {
  try {
    const { info } = await callHubAsAdmin({ url, fetch, deadlineMs: patienceMs })('readOpenApi');
    return typeof info === 'object' && info !== null && 'version' in info ? String(info.version) : null;
  } catch {
    return null;
  }
}
