import { readReceived, type ImportReport } from '@parley/hub-protocol';
import { adminCalls, backupCalls, calls, type RouteName } from '@parley/hub-protocol/rest';
import { askBytes, callBytes } from './files/byte-call.ts';
import { callThese, type CallOptions } from './call-hub.ts';
import type { CallRoute } from './rest.ts';

/** The others take or answer what is no JSON. */
const { readRetention, setRetention } = backupCalls;
const retentionCalls = { readRetention, setRetention };

/** Calls any route, those of administrators among them. */
export type CallAnyRoute = CallRoute<RouteName>;

/**
 * As `callHub`, with the routes of those who run the hub: users and how they come in, announcements, moderation, webhooks, limits and the audit log; and with those of
 * commands, of own sessions and of the description of the hub. Most programs need none of them and do not carry them.
 *
 * @param closed ends all calls, with its reason
 * @throws {InvalidArgument} naming the option that cannot be used
 */
export function callHubAsAdmin(options: CallOptions, closed?: AbortSignal): CallAnyRoute {
  return callThese({ ...calls, ...adminCalls, ...retentionCalls }, options, { closed });
}

export interface TransferOptions extends CallOptions {
  /** Gives it up. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * A backup of the whole hub, as it comes: `response.body`. It is all there when it ends without an error.
 *
 * @throws {HubError}
 */
export function readBackup({ signal, ...options }: TransferOptions): Promise<Response> {
  return callBytes(options, backupCalls.readBackup, { signal });
}

/**
 * What one node tells Prometheus of itself, as text.
 *
 * @throws {HubError}
 */
export async function readMetrics({ signal, ...options }: TransferOptions): Promise<string> {
  return (await askBytes(options, 'GET', '/metrics', { signal })).text();
}

/**
 * An export as it comes, lines of JSON.
 *
 * @param options `direct`: with conversations between two or a few
 * @throws {HubError}
 */
export function readExport({
  signal,
  direct,
  ...options
}: TransferOptions & { readonly direct?: boolean | undefined }): Promise<Response> {
  return callBytes(options, backupCalls.readExport, { query: { direct }, signal });
}

/**
 * Hands lines of an export over, once: at most 2,000 and 4 MiB of them. Sent again they change nothing.
 *
 * @param options `source`: what they come from, always called the same
 * @throws {HubError}
 */
export async function importLines({
  signal,
  source,
  lines,
  ...options
}: TransferOptions & { readonly source: string; readonly lines: string }): Promise<ImportReport> {
  const body = new Blob([lines]);
  const response = await callBytes(options, backupCalls.importLines, { params: { source }, body, signal });
  return readReceived(backupCalls.importLines.reply, await response.json());
}
