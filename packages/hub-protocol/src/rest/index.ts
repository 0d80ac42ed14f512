export { routePath, searchOf } from './address.ts';
export type { Route, RouteAuth } from './route.ts';
export { isRouteName, restPrefix, routeList, routes } from './routes.ts';
export type {
  NamedRoute,
  RouteBody,
  RouteName,
  RouteParams,
  RouteQuery,
  RouteReply,
  Routes,
} from './routes.ts';
