import { isParleyError, redact, type LogFields, type Logger } from '@parley/cache-core/kernel';

const levels = { debug: 20, info: 30, warn: 40, error: 50 };

export interface LineLoggerOptions {
  /** The least that is written. @default 'warn' */
  readonly level?: keyof typeof levels | undefined;
  /** @default to stderr */
  readonly write?: ((line: string) => void) | undefined;
}

/** Writes lines of JSON as pino does, so that what reads its lines reads these; for programs that bring no logger. */
export function lineLogger(options: LineLoggerOptions = {}): Logger {
  const { level = 'warn', write = (line: string) => void process.stderr.write(line) } = options;
  const at =
    (name: keyof typeof levels) =>
    (fields: LogFields, msg: string): void => {
      if (levels[name] < levels[level]) return;
      const line = {
        level: levels[name],
        time: Date.now(),
        pid: process.pid,
        name: 'parley',
        ...fields,
        msg,
      };
      write(`${JSON.stringify(line, printable)}\n`);
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

/** JSON makes nothing of an Error, and drivers like to put addresses with passwords into their messages. */
function printable(_key: string, value: unknown): unknown {
  if (typeof value === 'string') return redact(value);
  if (typeof value === 'bigint') return String(value);
  if (!(value instanceof Error) || isParleyError(value)) return value;
  return { type: value.name, message: value.message, code: Reflect.get(value, 'code') };
}
