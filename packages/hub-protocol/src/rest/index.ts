export { routePath, searchOf } from './address.ts';
export type { Call } from './call.ts';
export { calls, restPrefix } from './calls.ts';
export type { Route, RouteAuth } from './route.ts';
export { isRouteName, routeList, routes } from './routes.ts';
export type {
  NamedRoute,
  RouteBody,
  RouteName,
  RouteParams,
  RouteQuery,
  RouteReply,
  Routes,
} from './routes.ts';
