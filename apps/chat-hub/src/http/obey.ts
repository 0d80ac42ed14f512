import type { Verdict } from '@parley/ratelimit';
import { limitHeaders } from '@parley/ratelimit/http';
import type { FastifyReply } from 'fastify';
import { refusalOf } from '../limits/hub-limits.ts';

/**
 * Tells how a request stands with its limits.
 *
 * @throws {HubError} `RATE_LIMITED` where it is one too many
 */
export function obey(reply: FastifyReply, verdict: Verdict | undefined): void {
  if (verdict === undefined) return;
  reply.headers(limitHeaders(verdict));
  if (!verdict.ok) throw refusalOf(verdict);
}
