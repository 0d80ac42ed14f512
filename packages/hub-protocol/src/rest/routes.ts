import type * as z from 'zod/mini';
import { accountRoutes } from './account-routes.ts';
import { auditRoutes } from './audit-routes.ts';
import { backupRoutes } from './backup-routes.ts';
import { channelRoutes } from './channel-routes.ts';
import { commandRoutes } from './command-routes.ts';
import { eventRoutes, metaRoutes } from './event-routes.ts';
import { fileRoutes } from './file-routes.ts';
import { messageRoutes } from './message-routes.ts';
import { moderationRoutes } from './moderation-routes.ts';
import { oversightRoutes } from './oversight-routes.ts';
import { presenceRoutes } from './presence-routes.ts';
import { readingRoutes, threadRoutes } from './reading-routes.ts';
import type { Route } from './route.ts';
import { searchRoutes } from './search-routes.ts';
import { userRoutes } from './user-routes.ts';
import { webhookRoutes } from './webhook-routes.ts';

/** Every route, by its name. */
export const routes = {
  ...accountRoutes,
  ...userRoutes,
  ...channelRoutes,
  ...messageRoutes,
  ...fileRoutes,
  ...threadRoutes,
  ...readingRoutes,
  ...searchRoutes,
  ...presenceRoutes,
  ...eventRoutes,
  ...moderationRoutes,
  ...auditRoutes,
  ...oversightRoutes,
  ...webhookRoutes,
  ...commandRoutes,
  ...backupRoutes,
  ...metaRoutes,
};

export type Routes = typeof routes;
export type RouteName = keyof Routes;

/** Those that take or answer bytes, and not JSON. */
export type ByteRouteName = {
  [N in RouteName]: Routes[N] extends
    | { readonly body: 'application/octet-stream' }
    | { readonly reply: 'application/octet-stream' | 'image/webp' }
    ? N
    : never;
}[RouteName];

export interface NamedRoute extends Route {
  readonly name: RouteName;
  readonly group: string;
}

const groups: ReadonlyArray<readonly [group: string, routes: Readonly<Record<string, Route>>]> = [
  ['Account', accountRoutes],
  ['Users', userRoutes],
  ['Channels', channelRoutes],
  ['Messages', messageRoutes],
  ['Files', fileRoutes],
  ['Threads', threadRoutes],
  ['Reading', readingRoutes],
  ['Search', searchRoutes],
  ['Presence', presenceRoutes],
  ['Events', eventRoutes],
  ['Moderation', moderationRoutes],
  ['Audit', auditRoutes],
  ['Oversight', oversightRoutes],
  ['Webhooks', webhookRoutes],
  ['Commands', commandRoutes],
  ['Backup', backupRoutes],
  ['About', metaRoutes],
];

/** The same as a list, in the order of the reference. */
export const routeList: readonly NamedRoute[] = groups.flatMap(([group, routes]) =>
  Object.entries(routes).flatMap(([name, route]) => (isRouteName(name) ? [{ ...route, name, group }] : [])),
);

export function isRouteName(name: string): name is RouteName {
  return Object.hasOwn(routes, name);
}

type Part<N extends RouteName, P extends 'params' | 'query' | 'body' | 'reply'> =
  Routes[N] extends Readonly<Record<P, infer S>>
    ? S extends z.ZodMiniType
      ? z.output<S>
      : S extends string
        ? string
        : undefined
    : undefined;

/** The parameters in a route's path; undefined where it has none. The same for the other three. */
export type RouteParams<N extends RouteName> = Part<N, 'params'>;
export type RouteQuery<N extends RouteName> = Part<N, 'query'>;
export type RouteBody<N extends RouteName> = Part<N, 'body'>;
export type RouteReply<N extends RouteName> = Part<N, 'reply'>;
