import { ParleyError } from '../kernel/errors.ts';
import type { ErrorContext } from '../kernel/errors.ts';

/** Somebody else changed the session meanwhile, and nothing was written. Read it again. */
export class SessionConflict extends ParleyError {
  declare readonly code: 'SESSION_CONFLICT';
  static {
    Object.defineProperty(this.prototype, 'name', { value: 'SessionConflict' });
  }
  constructor(context: ErrorContext = {}) {
    super('The session was changed by somebody else meanwhile', {
      ...context,
      code: 'SESSION_CONFLICT',
      retryable: true,
    });
  }
}

/** The session was ended, such as by signing out everywhere, before it was known to have begun. */
export class SessionEnded extends ParleyError {
  declare readonly code: 'SESSION_ENDED';
  static {
    Object.defineProperty(this.prototype, 'name', { value: 'SessionEnded' });
  }
  constructor(context: ErrorContext = {}) {
    super('The session was ended while it was begun', { ...context, code: 'SESSION_ENDED' });
  }
}

/** What is stored is not what the schema describes. The session is there, and stays. */
export class SessionDataInvalid extends ParleyError {
  declare readonly code: 'SESSION_DATA_INVALID';
  static {
    Object.defineProperty(this.prototype, 'name', { value: 'SessionDataInvalid' });
  }
  constructor(why: string, context: ErrorContext = {}) {
    super(`The data of the session cannot be used: ${why}`, { ...context, code: 'SESSION_DATA_INVALID' });
  }
}
