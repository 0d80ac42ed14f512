import { isParleyError, StoreFault, StoreUnavailable } from '@parley/cache-core/kernel';
import type { ParleyError } from '@parley/cache-core/kernel';
import { diagnose } from './sqlstate.ts';

export { diagnose } from './sqlstate.ts';

/**
 * The one place where errors of servers and drivers become ours. The message says what failed and why; what the server said about values
 * stays in `cause`.
 */
export function storeError(error: unknown, operation: string): ParleyError {
  if (isParleyError(error)) return error;
  const code = codeOf(error);
  const context = { cause: error, evidence: { store: 'postgres', operation, code } };
  const message = `Postgres: ${operation} failed: ${reasonOf(error, code)}`;
  return diagnose(error).heals ? new StoreUnavailable(message, context) : new StoreFault(message, context);
}

/** The five letters of the server, or the code of the driver or the socket; also of an error that `storeError` made. */
export function codeOf(error: unknown): string | undefined {
  const source = isParleyError(error) ? error.evidence : error;
  if (typeof source !== 'object' || source === null) return undefined;
  const code: unknown = Reflect.get(source, 'code');
  return typeof code === 'string' ? code : undefined;
}

/** Classes of the server whose messages quote the values at fault: data exceptions and violated constraints. */
const quoting = /^2[23]/;

function reasonOf(error: unknown, code: string | undefined): string {
  if (code !== undefined && quoting.test(code)) return `the server refused a value (${code})`;
  const text = error instanceof Error ? error.message : 'unknown error';
  // Where several addresses were tried, Node gives a code and no words.
  if (text === '') return code ?? 'unknown error';
  return code === undefined || text.includes(code) ? text : `${text} (${code})`;
}
