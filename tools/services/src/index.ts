export type { ExitStatus, Server, ServerProcess } from './server.ts';
export {
  startProxy,
  type FaultProxy,
  type ProxyCounters,
  type ProxyTarget,
  type ReplyLoss,
  type ReplyLossOptions,
} from './faults/proxy.ts';
