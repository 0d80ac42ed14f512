export { adminCalls } from './admin-calls.ts';
export { routePath, searchOf } from './address.ts';
export { backupCalls } from './backup-calls.ts';
export type { Call } from './call.ts';
export { calls } from './calls.ts';
export { fileCalls } from './file-calls.ts';
export { restPrefix } from './prefix.ts';
export { isJson } from './route.ts';
export type { Route, RouteAuth } from './route.ts';
export { isRouteName, routeList, routes } from './routes.ts';
export type {
  ByteRouteName,
  NamedRoute,
  RouteBody,
  RouteName,
  RouteParams,
  RouteQuery,
  RouteReply,
  Routes,
} from './routes.ts';
