import { isParleyError, redact } from '@parley/cache-core/kernel';
import { pino, type DestinationStream, type Logger } from 'pino';
import type { LogFormat } from '../config-variables.ts';
import { textLog } from './log-text.ts';

/** Never written, wherever it stands. Nothing is logged that should hold one of these: this is for the day when somebody forgets. */
const secrets = ['authorization', 'cookie', 'set-cookie', 'password', 'token', 'secret'];
/** Set-up codes. Errors have codes as well, and are of no use without. */
const codes = ['body.code', 'setup.code', '*.setup.code'];

export interface LoggerOptions {
  readonly level: string;
  /** @default 'json' */
  readonly format?: LogFormat | undefined;
  /** @default stderr */
  readonly to?: DestinationStream | undefined;
}

/** Lines without secrets. */
export function createLogger({
  level,
  format = 'json',
  to = pino.destination({ dest: 2, sync: true }),
}: LoggerOptions): Logger {
  return pino(
    {
      name: 'hub',
      level,
      redact: { paths: [...secrets.flatMap(anywhere), ...codes], censor: '***' },
      serializers: { error: printable, err: printable },
    },
    format === 'text' ? textLog(to) : to,
  );
}

/** `x`, `a.x`, `a.b.x`. */
function anywhere(key: string): string[] {
  const name = `["${key}"]`;
  return [name, `*${name}`, `*.*${name}`];
}

/** Drivers put addresses with passwords into their messages. */
function printable(error: unknown): unknown {
  if (isParleyError(error)) return error.toJSON();
  if (!(error instanceof Error)) return error;
  const { name: type, message, stack = '' } = error;
  return { type, message: redact(message), stack: redact(stack) };
}
