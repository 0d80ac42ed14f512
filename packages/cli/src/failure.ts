import { isParleyError } from '@parley/cache-core/kernel';
import { isHubError, type ErrorCode, type HubError } from '@parley/hub-protocol';
import { CliError } from './cli-error.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import { safeLine } from './safe-text.ts';

/** What went wrong, as it is told. */
export interface Failure {
  readonly exitCode: ExitCode;
  readonly code: string;
  readonly detail: string;
  readonly field?: string | undefined;
  readonly requestId?: string | undefined;
  readonly hint?: string | undefined;
}

/** @param address of the hub, once it is known */
export function failureOf(error: unknown, address: string | undefined): Failure {
  if (error instanceof CliError) {
    const { exitCode, code, message, hint } = error;
    return { exitCode, code, detail: message, hint };
  }
  if (isHubError(error)) {
    const { code, field, requestId } = error;
    return {
      exitCode: exitCodeOf(error),
      code,
      detail: detailOf(error, address),
      field,
      requestId,
      hint: hintOf(error),
    };
  }
  if (isParleyError(error)) return { exitCode: exitCodes.failed, code: error.code, detail: error.message };
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return {
    exitCode: exitCodes.failed,
    code: 'DEFECT',
    detail: `a defect of the command line: ${detail}`,
    hint: 'Please report it',
  };
}

function exitCodeOf({ status, retryable }: HubError): ExitCode {
  if (status === 401 || status === 403) return exitCodes.notAllowed;
  if (status === 404 || status === 410) return exitCodes.notFound;
  return retryable ? exitCodes.unreachable : exitCodes.failed;
}

function detailOf({ code, message, cause, status }: HubError, address = 'the hub'): string {
  if (code === 'UNAVAILABLE' && cause !== undefined) return `${address} cannot be reached${reasonIn(cause)}`;
  if (code === 'NOT_FOUND' && message.startsWith('the answer has status'))
    return `${address} is not a hub: it answered ${status}`;
  return message;
}

/** `fetch` hides the reason behind "fetch failed". */
function reasonIn(cause: unknown): string {
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  const code = inner instanceof Error && 'code' in inner ? String(inner.code) : '';
  return code === '' ? '' : ` (${code})`;
}

const hints: Partial<Readonly<Record<ErrorCode, string>>> = {
  UNAUTHENTICATED: 'Sign in again: parley login',
  SCOPE_MISSING:
    'parley whoami shows what the token may do; another one is made with parley token create --scope',
  FORBIDDEN: 'parley whoami shows who you are; an administrator can give you the role',
  UNAVAILABLE: 'Try again in a moment; parley hub status says how the hub is',
  TIMEOUT: 'Try again in a moment',
  DRAINING: 'Try again in a moment',
  RATE_LIMITED: 'Try again later',
};

function hintOf({ code, retryAfter, cause, message }: HubError): string | undefined {
  if (code === 'FORBIDDEN' && message.includes('join the channel'))
    return 'Join it: parley channel join CHANNEL';
  if (code === 'UNAVAILABLE' && cause !== undefined)
    return 'Is it running there? parley hub start starts one; --url or PARLEY_URL name another';
  if (code === 'RATE_LIMITED' && retryAfter !== undefined)
    return `Try again in ${Math.ceil(retryAfter / 1_000)} s`;
  return hints[code];
}

/** One or two lines: what is wrong, and what to do. */
export function failureText({ detail, hint, requestId, code }: Failure): string {
  const id = code === 'INTERNAL' && requestId !== undefined ? ` (request ${requestId})` : '';
  const first = code === 'DEFECT' ? detail : safeLine(detail);
  return `parley: ${first}${id}${hint === undefined ? '' : `\n${hint}`}`;
}
