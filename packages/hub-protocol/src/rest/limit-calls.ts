import { list, object, text, whole } from '../received/reader.ts';
import type { Call } from './call.ts';

const limit = object({ name: text, limit: whole, seconds: whole, admitted: whole, denied: whole });

export const limitCalls = {
  readLimits: {
    method: 'GET',
    path: '/limits',
    reply: object({
      limits: list(limit),
      denied: list(object({ name: text, identity: text, denied: whole })),
      away: whole,
    }),
  },
} as const satisfies Record<string, Call>;
