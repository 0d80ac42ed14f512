import type { RouteBody, RouteName, RouteParams, RouteQuery, RouteReply } from '../rest/routes.ts';

type Given<K extends string, V> = [V] extends [undefined] ? object : Readonly<Record<K, V>>;

/** A call of one route and what it is answered. Queries may all be left out. */
type CallExample<N extends RouteName> = Given<'params', RouteParams<N>> &
  Given<'body', RouteBody<N>> &
  Given<'reply', RouteReply<N>> & { readonly query?: RouteQuery<N> };

export type CallExamples<N extends RouteName> = { readonly [M in N]: CallExample<M> };
