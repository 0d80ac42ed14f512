import { StoreUnavailable } from '@parley/cache-core/kernel';
import { describe, expect, test } from 'vitest';
import { codeOf, diagnose, storeError } from '../src/errors.ts';

const ofServer = (code: string, more: object = {}): Error =>
  Object.assign(new Error('said by the server'), { code, severity: 'ERROR', ...more });
const ofSocket = (code: string): Error => Object.assign(new Error(`connect ${code}`), { code });

const lost = { heals: true, breaksConnection: true };
const busy = { heals: true, breaksConnection: false };
const fault = { heals: false, breaksConnection: false };

describe('what an error means', () => {
  test.each([
    ['08006', lost],
    ['08P01', lost],
    ['57P01', lost],
    ['57P02', lost],
    ['57P03', lost],
    ['25006', lost],
    ['25P03', lost],
    ['26000', lost],
    ['53300', busy],
    ['53100', busy],
    ['57014', busy],
    ['40P01', busy],
    ['40001', busy],
    ['55P03', busy],
    ['23505', fault],
    ['22021', fault],
    ['42501', fault],
    ['42P01', fault],
    ['28P01', fault],
    ['3D000', fault],
    ['0A000', fault],
    ['XX001', { heals: false, breaksConnection: true }],
  ])('%s of the server', (code, expected) => {
    expect(diagnose(ofServer(code))).toEqual(expected);
  });

  test('a plan that a changed table made useless goes with its connection', () => {
    expect(diagnose(ofServer('0A000', { routine: 'RevalidateCachedQuery' }))).toEqual(lost);
  });

  test.each(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH'])(
    '%s of the socket',
    (code) => {
      expect(diagnose(ofSocket(code))).toEqual(lost);
    },
  );

  test.each([
    'Connection terminated unexpectedly',
    'Connection terminated due to connection timeout',
    'timeout exceeded when trying to connect',
    'timeout expired',
    'Query read timeout',
    'Client has encountered a connection error and is not queryable',
  ])('"%s" of the driver', (message) => {
    expect(diagnose(new Error(message))).toEqual(lost);
  });

  test.each([ofSocket('SELF_SIGNED_CERT_IN_CHAIN'), ofSocket('EACCES'), new TypeError('no function')])(
    '%s does not heal',
    (error) => {
      expect(diagnose(error)).toEqual({ heals: false, breaksConnection: true });
    },
  );
});

describe('the error that callers get', () => {
  test('says what failed and why, and carries its cause', () => {
    const cause = ofSocket('ECONNREFUSED');
    expect(storeError(cause, 'cache read')).toMatchObject({
      code: 'STORE_UNAVAILABLE',
      retryable: true,
      message: 'Postgres: cache read failed: connect ECONNREFUSED',
      evidence: { store: 'postgres', operation: 'cache read', code: 'ECONNREFUSED' },
      cause,
    });
    expect(storeError(ofServer('42501'), 'cache read')).toMatchObject({
      code: 'STORE_FAULT',
      message: 'Postgres: cache read failed: said by the server (42501)',
    });
  });

  test.each(['22P02', '23514'])('quotes no value, as the server does with %s', (code) => {
    const cause = Object.assign(new Error('invalid input: "4111 1111"'), { code, severity: 'ERROR' });
    expect(storeError(cause, 'cache write').message).not.toContain('4111');
  });

  test('has words where Node has only a code', () => {
    const error = Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' });
    expect(storeError(error, 'connecting').message).toBe('Postgres: connecting failed: ECONNREFUSED');
  });

  test('is left alone when it is ours already, and tells its code', () => {
    const own = new StoreUnavailable('own');
    expect(storeError(own, 'x')).toBe(own);
    expect(codeOf(storeError(ofServer('42P01'), 'x'))).toBe('42P01');
    expect(codeOf(own)).toBeUndefined();
    expect(codeOf(undefined)).toBeUndefined();
  });
});
