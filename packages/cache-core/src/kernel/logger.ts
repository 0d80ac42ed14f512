import { safeCall } from './telemetry.ts';

export type LogFields = Record<string, unknown>;

/** What Parley needs of a logger: fields first, then a sentence. A pino logger fits as it is. */
export interface Logger {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
}

/** Says nothing. */
export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} };

/** A logger that never throws into its caller; its own failures are told by `listenerErrors`. */
export function safeLogger(logger: Logger): Logger {
  const guarded =
    (level: keyof Logger) =>
    (fields: LogFields, message: string): void =>
      safeCall(`logger.${level}`, () => logger[level](fields, message));
  return { debug: guarded('debug'), info: guarded('info'), warn: guarded('warn'), error: guarded('error') };
}
