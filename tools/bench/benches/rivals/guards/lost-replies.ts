import { setTimeout as sleep } from 'node:timers/promises';
import { startProxy } from '@parley/services';
import type { FaultProxy, ReplyLoss } from '@parley/services';

/** A way to a server that can be disturbed. */
export function through(url: string): Promise<FaultProxy> {
  const { hostname, port } = new URL(url);
  return startProxy({ target: { host: hostname, port: Number(port), url } });
}

const changes = /\b(?:EVALSHA|EVAL|SET)\b/iu;

/** The next change is carried out, and its reply is lost with the connection. Scripts must be known to the server already. */
export const loseReply = (proxy: FaultProxy): ReplyLoss =>
  proxy.dropNextReply((request) => changes.test(request.toString('latin1')));

/** Otherwise what was seen is no answer to the question. */
export async function mustBeLost({ lost }: ReplyLoss): Promise<void> {
  const late = sleep(5_000, false);
  if (!(await Promise.race([lost, late]))) throw new Error('no reply was lost');
}
