import type { Verdict } from './verdict.ts';

const verdicts = new WeakMap<object, Verdict>();

/** What was decided about a request, of the last limit that it passed: by the request of Express and Fastify, by the context of Hono. */
export function requestVerdict(request: object): Verdict | undefined {
  return verdicts.get(request);
}

export function noteVerdict(request: object, verdict: Verdict): void {
  verdicts.set(request, verdict);
}
