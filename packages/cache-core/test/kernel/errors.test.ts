import {
  Aborted,
  Closed,
  DeadlineExceeded,
  InvalidArgument,
  isParleyError,
  isRetryable,
  Overloaded,
  ParleyError,
  StoreFault,
  StoreUnavailable,
} from '@parley/cache-core/kernel';
import type { KernelErrors } from '@parley/cache-core/kernel';
import * as fc from 'fast-check';
import { describe, expect, expectTypeOf, it, vi } from 'vitest';

const all = [
  [new StoreUnavailable('no answer'), 'StoreUnavailable', 'STORE_UNAVAILABLE', true],
  [new StoreFault('wrong type'), 'StoreFault', 'STORE_FAULT', false],
  [new InvalidArgument('ttl', 'positive', -1), 'InvalidArgument', 'INVALID_ARGUMENT', false],
  [new DeadlineExceeded('the read', 50), 'DeadlineExceeded', 'DEADLINE_EXCEEDED', true],
  [new Aborted('closing'), 'AbortError', 'ABORTED', false],
  [new Overloaded('full'), 'Overloaded', 'OVERLOADED', true],
  [new Closed('the cache'), 'Closed', 'CLOSED', false],
] as const;

describe('errors', () => {
  it.each(all)('%s has its name, code and retryable', (error, name, code, retryable) => {
    expect(error).toBeInstanceOf(Error);
    expect([error.name, error.code, error.retryable]).toEqual([name, code, retryable]);
    expect(error.stack?.split('\n')[0]).toBe(`${name}: ${error.message}`);
    expect(Object.keys(error)).not.toContain('name');
    expect(isParleyError(error) && isParleyError(error, code)).toBe(true);
    expect(isParleyError(error, 'OTHER')).toBe(false);
    expect(isRetryable(error)).toBe(retryable);
  });

  it('carry their cause and evidence', () => {
    const cause = new Error('ECONNREFUSED');
    const error = new StoreUnavailable('no answer', { cause, evidence: { host: 'a' } });
    expect([error.cause, error.evidence]).toEqual([cause, { host: 'a' }]);
    expect('cause' in new StoreFault('x')).toBe(false);
    expect(new DeadlineExceeded('the read', 50, { evidence: { host: 'a' } }).evidence).toEqual({
      what: 'the read',
      limitMs: 50,
      host: 'a',
    });
  });

  it('are recognised across copies of the package', async () => {
    vi.resetModules();
    const copy = await import('@parley/cache-core/kernel');
    const foreign = new copy.StoreUnavailable('no answer');
    expect(foreign).not.toBeInstanceOf(StoreUnavailable);
    expect(isParleyError(foreign, 'STORE_UNAVAILABLE')).toBe(true);
    expect(copy.isParleyError(new Closed('x'), 'CLOSED')).toBe(true);
    expectTypeOf(foreign).toExtend<StoreUnavailable>();
  });

  it('are recognised when another package derives its own', () => {
    class LockLost extends ParleyError {
      constructor() {
        super('lost', { code: 'LOCK_LOST' });
      }
    }
    expect(isParleyError(new LockLost(), 'LOCK_LOST')).toBe(true);
    expect(isRetryable(new LockLost())).toBe(false);
  });

  it('are not mistaken for anything else', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(isParleyError(value)).toBe(false);
        expect(isRetryable(value)).toBe(false);
      }),
    );
    expect(isParleyError({ code: 'CLOSED', retryable: true })).toBe(false);
    expect(isRetryable(Object.assign(new Error('x'), { retryable: true }))).toBe(false);
  });

  it('narrow to their type by code', () => {
    const error: unknown = new InvalidArgument('ttl', 'positive', -1);
    if (isParleyError(error, 'INVALID_ARGUMENT')) expectTypeOf(error).toEqualTypeOf<InvalidArgument>();
    if (isParleyError(error, 'LOCK_LOST')) expectTypeOf(error).toEqualTypeOf<ParleyError>();
    expectTypeOf<KernelErrors[keyof KernelErrors]['code']>().toEqualTypeOf<keyof KernelErrors>();
    expect(isParleyError(error, 'INVALID_ARGUMENT') && error.field).toBe('ttl');
  });
});

describe('InvalidArgument', () => {
  it('is one printable line, whatever the value', () => {
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.string({ unit: 'binary', maxLength: 500 })), (value) => {
        const { message } = new InvalidArgument('field', 'better', value);
        expect(message).toMatch(/^field must be better, not /);
        expect(message).not.toMatch(/\p{Cc}/u);
        expect(message.length).toBeLessThan(600);
      }),
    );
  });
});

describe('toJSON', () => {
  it('tells the whole story without stack and secrets', () => {
    const driver = Object.assign(new Error('connect redis://admin:hunter2@db:6379/?password=hunter2'), {
      code: 'ECONNREFUSED',
    });
    const store = new StoreUnavailable('no answer from redis://admin:hunter2@db:6379', {
      cause: driver,
      evidence: { url: 'postgres://u:hunter2@db/x', authToken: 'hunter2', attempt: 3 },
    });
    const error = new ParleyError('giving up', { code: 'X', cause: store });
    const json = JSON.stringify(error);
    expect(json).not.toContain('hunter2');
    expect(JSON.parse(json)).toEqual({
      name: 'ParleyError',
      code: 'X',
      retryable: false,
      message: 'giving up',
      cause: {
        name: 'StoreUnavailable',
        code: 'STORE_UNAVAILABLE',
        retryable: true,
        message: 'no answer from redis://***@db:6379',
        evidence: { url: 'postgres://***@db/x', authToken: '***', attempt: 3 },
        cause: { name: 'Error', code: 'ECONNREFUSED', message: 'connect redis://***@db:6379/?password=***' },
      },
    });
  });

  it('ends, also when an error is its own cause or the chain is long', () => {
    const loop = new StoreFault('loop');
    Object.defineProperty(loop, 'cause', { value: loop });
    expect(JSON.stringify(loop).length).toBeLessThan(2_000);
    expect(JSON.stringify(new StoreFault('x'.repeat(10_000))).length).toBeLessThan(600);
    expect(new Aborted(null).toJSON()).toMatchObject({ cause: 'null' });
  });
});
