import type { z } from 'zod/mini';
import { HubError } from './errors.ts';

type Issue = z.core.$ZodIssue;

/** Where the fault is, and how to complete `<path> must ...`. Values are not told: they may be secrets, and they may be long. */
export interface FieldProblem {
  readonly path: readonly PropertyKey[];
  readonly expected: string;
}

/** One fault says enough: the first is told. */
export function problemOf(issues: readonly Issue[]): FieldProblem {
  const [issue] = issues;
  return issue === undefined ? { path: [], expected: 'be valid' } : describe(issue);
}

function describe(issue: Issue): FieldProblem {
  const at = (expected: string): FieldProblem => ({ path: issue.path, expected });
  switch (issue.code) {
    case 'invalid_type':
      return at(`be ${article(issue.expected)}`);
    case 'too_big':
      return at(bound('most', issue.origin, issue.maximum));
    case 'too_small':
      return at(bound('least', issue.origin, issue.minimum));
    case 'invalid_value':
      return at(choice(issue.values));
    case 'unrecognized_keys':
      return { path: [...issue.path, issue.keys[0] ?? ''], expected: 'be left away: nobody knows it' };
    case 'invalid_key':
    case 'invalid_element': {
      const inner = problemOf(issue.issues);
      return at(issue.code === 'invalid_key' ? `have a key that can ${inner.expected}` : inner.expected);
    }
    case 'invalid_union':
      return unionProblem(issue);
    case 'not_multiple_of':
      return at(`be a multiple of ${issue.divisor}`);
    case 'invalid_format':
    case 'custom':
      break;
  }
  return at(issue.message);
}

/** Of several shapes, the one that came nearest tells what is wrong: its fault lies deepest. */
function unionProblem(issue: Extract<Issue, { code: 'invalid_union' }>): FieldProblem {
  if (issue.discriminator !== undefined) {
    const options: unknown = Reflect.get(issue, 'options');
    return { path: issue.path, expected: Array.isArray(options) ? choice(options) : 'be a known type' };
  }
  const problems = issue.errors.map(problemOf);
  const deepest = problems.reduce<FieldProblem | undefined>(
    (best, next) => (best === undefined || next.path.length > best.path.length ? next : best),
    undefined,
  );
  if (deepest !== undefined && deepest.path.length > 0)
    return { path: [...issue.path, ...deepest.path], expected: deepest.expected };
  return { path: issue.path, expected: [...new Set(problems.map(({ expected }) => expected))].join(', or ') };
}

function article(type: string): string {
  if (type === 'int') return 'a whole number';
  if (type === 'null') return 'null';
  return type === 'object' || type === 'array' ? `an ${type}` : `a ${type}`;
}

function bound(which: 'most' | 'least', origin: string, limit: number | bigint): string {
  if (origin === 'string') return `have at ${which} ${limit} characters`;
  if (origin === 'array' || origin === 'set') return `have at ${which} ${limit} entries`;
  return `be at ${which} ${limit}`;
}

function choice(values: readonly unknown[]): string {
  return `be ${values.length > 1 ? 'one of ' : ''}${values.map((value) => JSON.stringify(value)).join(', ')}`;
}

/** The refusal of what came, by where its fault is. */
export function invalid(path: readonly PropertyKey[], expected: string): HubError {
  const field = printPath(path);
  return new HubError(
    'INVALID',
    `${field === '' ? 'it' : field} must ${expected}`,
    field === '' ? {} : { field },
  );
}

/** `userIds[2]`, `positions["018f..."]`: as a program would write it. */
function printPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((before, key) => {
    if (typeof key === 'number') return `${before}[${key}]`;
    const name = String(key).slice(0, 80);
    if (!/^[A-Za-z_$][\w$]*$/.test(name)) return `${before}[${JSON.stringify(name)}]`;
    return before === '' ? name : `${before}.${name}`;
  }, '');
}
