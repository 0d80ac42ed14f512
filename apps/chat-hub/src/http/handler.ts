import type { IncomingHttpHeaders } from 'node:http';
import type {
  RouteBody,
  RouteName,
  RouteParams,
  RouteQuery,
  RouteReply,
  Routes,
} from '@parley/hub-protocol/rest';
import type { Secret } from '@parley/runtime';
import type { Caller } from '../access/caller.ts';
import type { ByteAnswer } from './byte-answer.ts';

/** JSON that is written already, as it came from the database. */
export class JsonText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** A request to a route, once it is known to be what the table says. */
interface Ask<N extends RouteName> {
  /** Nobody need be known on public routes, and nobody is. */
  readonly caller: Routes[N]['auth'] extends 'public' ? undefined : Caller;
  readonly params: RouteParams<N>;
  readonly query: RouteQuery<N>;
  readonly body: N extends 'writeFile' | 'importLines' ? Buffer : RouteBody<N>;
  /** Aborted when nobody waits any more. */
  readonly signal: AbortSignal;
  readonly headers: IncomingHttpHeaders;
  /** Nobody wants the bytes, only what is said of them. */
  readonly headOnly: boolean;
  /** Where the request came from. */
  readonly address: string;
  /** What the program that sent it calls itself. */
  readonly userAgent: string | undefined;
  /** Gives the browser a session, or takes it away. */
  readonly setSession: (secret: Secret | undefined) => void;
}

type Answer<N extends RouteName> = N extends 'downloadFile' | 'previewFile' | 'readBackup' | 'readExport'
  ? ByteAnswer
  : RouteReply<N> extends undefined
    ? void
    : RouteReply<N> | JsonText;

/** What each route does. */
export type Handlers = { readonly [N in RouteName]: (ask: Ask<N>) => Promise<Answer<N>> };
