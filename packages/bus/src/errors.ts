import { ParleyError } from '@parley/cache-core/kernel';
import type { ErrorContext } from '@parley/cache-core/kernel';

/** Nobody answers requests of this topic at the moment. Nothing was done. Retryable. */
export class NoResponder extends ParleyError {
  declare readonly code: 'NO_RESPONDER';
  static {
    Object.defineProperty(this.prototype, 'name', {
      value: 'NoResponder',
      configurable: true,
      writable: true,
    });
  }
  constructor(topic: string, context: ErrorContext = {}) {
    super(`Nobody answers requests of ${topic}`, {
      ...context,
      code: 'NO_RESPONDER',
      retryable: true,
      evidence: { topic, ...context.evidence },
    });
  }
}

/** The responder was asked, and failed. */
export class RequestFailed extends ParleyError {
  declare readonly code: 'REQUEST_FAILED';
  static {
    Object.defineProperty(this.prototype, 'name', {
      value: 'RequestFailed',
      configurable: true,
      writable: true,
    });
  }
  constructor(topic: string, message: string, context: ErrorContext = {}) {
    super(`A request of ${topic} failed: ${message}`, {
      ...context,
      code: 'REQUEST_FAILED',
      evidence: { topic, ...context.evidence },
    });
  }
}
