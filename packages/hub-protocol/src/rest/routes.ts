import type * as z from 'zod/mini';
import { accountRoutes } from './account-routes.ts';
import { channelRoutes } from './channel-routes.ts';
import { eventRoutes, metaRoutes } from './event-routes.ts';
import { messageRoutes } from './message-routes.ts';
import { presenceRoutes } from './presence-routes.ts';
import { readingRoutes, threadRoutes } from './reading-routes.ts';
import type { Route } from './route.ts';
import { userRoutes } from './user-routes.ts';

/** Every route, by its name. */
export const routes = {
  ...accountRoutes,
  ...userRoutes,
  ...channelRoutes,
  ...messageRoutes,
  ...threadRoutes,
  ...readingRoutes,
  ...presenceRoutes,
  ...eventRoutes,
  ...metaRoutes,
};

export type Routes = typeof routes;
export type RouteName = keyof Routes;

export interface NamedRoute extends Route {
  readonly name: RouteName;
  readonly group: string;
}

const groups: ReadonlyArray<readonly [group: string, routes: Readonly<Record<string, Route>>]> = [
  ['Account', accountRoutes],
  ['Users', userRoutes],
  ['Channels', channelRoutes],
  ['Messages', messageRoutes],
  ['Threads', threadRoutes],
  ['Reading', readingRoutes],
  ['Presence', presenceRoutes],
  ['Events', eventRoutes],
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
