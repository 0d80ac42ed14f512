import { fileCalls, type ByteRouteName, type RouteName } from '@parley/hub-protocol/rest';
import { callThese, type CallOptions } from '../call-hub.ts';
import type { CallRoute } from '../rest.ts';

/** Calls routes of files: `listFiles`, `listOwnFiles`, `readFileRoom`, `readFile`, `deleteFile` and what an upload is made of. */
export type CallFileRoute = CallRoute<Exclude<keyof typeof fileCalls, ByteRouteName>>;

/** One is known by its client id, and a file ends once. */
const repeatable: ReadonlySet<RouteName> = new Set<RouteName>(['createFile', 'finishFile']);

/** @throws {InvalidArgument} naming the option that cannot be used */
export function callFiles(options: CallOptions): CallFileRoute {
  return callThese(fileCalls, options, { repeatable });
}
