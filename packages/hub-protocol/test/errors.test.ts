import { isParleyError, isRetryable, ParleyError } from '@parley/cache-core/kernel';
import {
  checkReceived,
  codeOfStatus,
  errorCodes,
  errorKinds,
  errorTitles,
  HubError,
  isHubError,
  problemSchema,
  toProblem,
} from '@parley/hub-protocol';
import { describe, expect, it } from 'vitest';

describe('an error of the hub', () => {
  it.each(errorCodes)('goes over the wire and comes back: %s', (code) => {
    const error = new HubError(code, 'so it was', { field: 'a.b', retryAfter: 50, requestId: 'r-1' });
    const problem = checkReceived(problemSchema, JSON.parse(JSON.stringify(toProblem(error))));
    const { status, retryable } = errorKinds[code];
    expect(problem).toMatchObject({
      type: `urn:parley:error:${code}`,
      title: errorTitles[code],
      status,
      retryable,
    });
    const back = HubError.fromProblem(problem);
    expect(back).toMatchObject({ code, status, retryable, field: 'a.b', retryAfter: 50, requestId: 'r-1' });
    expect(back.message).toBe('so it was');
  });

  it('is one of the house, and known by its code', () => {
    const error = new HubError('NOT_FOUND', 'no such channel');
    expect(isParleyError(error)).toBe(true);
    expect(isHubError(error)).toBe(true);
    expect(isHubError(error, 'NOT_FOUND')).toBe(true);
    expect(isHubError(error, 'GONE')).toBe(false);
    expect(isHubError(new ParleyError('x', { code: 'TIMEOUT' }))).toBe(false);
    expect(isHubError(new Error('x'))).toBe(false);
    expect(isRetryable(error)).toBe(false);
    expect(isRetryable(new HubError('UNAVAILABLE', 'later'))).toBe(true);
  });

  it('keeps its cause at home', () => {
    const error = new HubError('INTERNAL', 'a defect', { cause: new Error('password=hunter2') });
    expect(JSON.stringify(toProblem(error))).not.toContain('hunter2');
  });

  it('leaves out what it does not know', () => {
    expect(Object.keys(toProblem(new HubError('GONE', 'x')))).toEqual([
      'type',
      'title',
      'status',
      'code',
      'detail',
      'retryable',
    ]);
    expect(toProblem(new HubError('GONE', 'x'), 'r-2').requestId).toBe('r-2');
  });

  it('of a later version becomes what its status stands for', () => {
    const problem = toProblem(new HubError('CONFLICT', 'x'));
    expect(HubError.fromProblem({ ...problem, code: 'SLOW_MODE', status: 429 })).toMatchObject({
      code: 'RATE_LIMITED',
      retryable: true,
    });
  });
});

it.each([
  [400, 'MALFORMED'],
  [401, 'UNAUTHENTICATED'],
  [403, 'FORBIDDEN'],
  [404, 'NOT_FOUND'],
  [409, 'CONFLICT'],
  [418, 'INVALID'],
  [429, 'RATE_LIMITED'],
  [502, 'UNAVAILABLE'],
  [503, 'UNAVAILABLE'],
  [504, 'TIMEOUT'],
  [599, 'INTERNAL'],
] as const)('an answer without a code is known by its status: %i', (status, code) => {
  expect(codeOfStatus(status)).toBe(code);
});
