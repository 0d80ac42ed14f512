import { safeLogger, type Clock, type Health, type Logger } from '@parley/cache-core/kernel';
import type { RedisConnection } from './connection.ts';
import { evictionWarning } from './info.ts';

export interface EvictionOptions {
  readonly clock: Clock;
  /** What would be lost, in the plural. */
  readonly what: string;
  /** @default a warning of the process */
  readonly logger?: Pick<Logger, 'warn'> | undefined;
}

const againMs = 10_000;

/** Warns, once, when servers may evict what must not be lost; as soon as they can be asked. Nobody waits for it. */
export function warnOfEviction(connection: RedisConnection, options: EvictionOptions): void {
  const ask = async (): Promise<void> => {
    const health = await connection.health({ holds: 'state', limitMs: 5_000 });
    if (health.status === 'down') {
      if (health.details?.['code'] !== 'CLOSED')
        options.clock.timer(againMs, () => void ask(), { unref: true });
      return;
    }
    for (const details of partsOf(health)) {
      const policy = details?.['maxMemoryPolicy'];
      const warning = typeof policy === 'string' ? evictionWarning(policy) : undefined;
      if (warning !== undefined) warn(options, String(details?.['server']), warning);
    }
  };
  void ask();
}

function warn({ what, logger }: EvictionOptions, server: string, warning: string): void {
  const message = `Redis at ${server} may lose ${what} without a word: ${warning}`;
  if (logger === undefined) process.emitWarning(message, { type: 'ParleyWarning', code: 'PARLEY_EVICTION' });
  else
    safeLogger({ debug() {}, info() {}, error() {}, warn: (...told) => logger.warn(...told) }).warn(
      { server, what },
      message,
    );
}

const partsOf = ({ checks, details }: Health): readonly Health['details'][] =>
  checks === undefined ? [details] : Object.values(checks).map((check) => check.details);
