import { isParleyError, parseDuration, type InvalidArgument } from '@parley/cache-core/kernel';
import { z } from 'zod';
import { Secret } from './secret.ts';
import type { Visibility } from './shown.ts';

/** What the documentation and the error messages say of a variable. */
export interface About {
  /** What it is for, in Markdown. */
  readonly what: string;
  /** Completes "must be ...". */
  readonly allowed: string;
  /** What holds without it, in Markdown. */
  readonly otherwise?: string | undefined;
  /** @default 'plain' */
  readonly visibility?: Visibility | undefined;
}

export const about = z.registry<About>();

/** A variable: what it takes, and what is to be said of it. */
export function variable<S extends z.ZodType>(schema: S, facts: About): z.ZodOptional<S> {
  const optional = schema.optional();
  about.add<z.ZodType>(optional, facts);
  return optional;
}

/** A text that `read` understands. It answers undefined for what is not allowed, or throws `InvalidArgument` to say more. */
export function parsed<T>(read: (text: string) => T | undefined): z.ZodType<T, string> {
  return z.string().transform((text, context) => {
    const value = attempt(() => read(text));
    if (!(value instanceof Refusal)) return value;
    context.addIssue({ code: 'custom', message: value.predicate });
    return z.NEVER;
  });
}

/** Stands for "must be" and what `About.allowed` says. */
export const asDocumented = 'must be as documented';

class Refusal {
  /** "must be ...". */
  readonly predicate: string;
  constructor(predicate: string) {
    this.predicate = predicate;
  }
}

function attempt<T>(read: () => T | undefined): T | Refusal {
  try {
    const value = read();
    return value === undefined ? new Refusal(asDocumented) : value;
  } catch (error) {
    if (!isParleyError(error, 'INVALID_ARGUMENT')) throw error;
    return new Refusal(predicateOf(error));
  }
}

/** The adapters speak of the field "url", whose value is shown anyway, or of a part of it such as "url parameter sslmode". */
function predicateOf({ field, message, evidence }: InvalidArgument): string {
  if (field.startsWith('url ')) return message.slice('url '.length);
  const value = `, not ${String(evidence['value'])}`;
  return message.slice(field.length + 1, message.endsWith(value) ? -value.length : undefined);
}

/** The line break at the end of a file that held a password belongs to no password. */
export const secret = parsed((text) => (/[\r\n\0]/.test(text) ? undefined : new Secret(text)));

export const switched = z.stringbool({
  truthy: ['true', '1', 'yes', 'on'],
  falsy: ['false', '0', 'no', 'off'],
});

export function wholeNumber(min: number, max: number): z.ZodType<number, string> {
  return parsed((text) => {
    const number = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    return number >= min && number <= max ? number : undefined;
  });
}

export const port = wholeNumber(1, 65_535);

/** A length of time in seconds, of a number of seconds or a text such as `5m`. */
export const seconds = parsed((text) => {
  const value = /^\d{1,12}(?:\.\d{1,12})?$/.test(text) ? Number(text) : text;
  try {
    return parseDuration(value, { field: '', min: 1 }) / 1000;
  } catch {
    return undefined;
  }
});

export const isHost = (text: string): boolean => /^(?:[\w.-]{1,253}|[\da-f:.]{2,45})$/i.test(text);

export const host = parsed((text) => {
  const bare = text.replace(/^\[(.+)\]$/, '$1');
  return isHost(bare) ? bare : undefined;
});

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Addresses separated by commas, with the port where they name none. */
export function addresses(defaultPort: number): z.ZodType<readonly Address[], string> {
  return parsed((text) => {
    const list = text.split(',').map((part) => address(part.trim(), defaultPort));
    return list.every((item) => item !== undefined) ? list : undefined;
  });
}

function address(text: string, defaultPort: number): Address | undefined {
  const { bracketed, name, port } =
    /^(?:\[(?<bracketed>[^\]]+)\]|(?<name>[^:[\]]+))(?::(?<port>\d{1,5}))?$/.exec(text)?.groups ?? {};
  const host = bracketed ?? name ?? '';
  const number = port === undefined ? defaultPort : Number(port);
  return isHost(host) && number >= 1 && number <= 65_535 ? { host, port: number } : undefined;
}

const byteUnits = new Map([
  ['', 1],
  ['b', 1],
  ['k', 1000],
  ['kb', 1024],
  ['m', 1000 ** 2],
  ['mb', 1024 ** 2],
  ['g', 1000 ** 3],
  ['gb', 1024 ** 3],
]);

/** Bytes, by the rules of redis.conf. */
export const memorySize = parsed((text) => {
  const [, amount = '', unit = ''] = /^(\d{1,12})([kmg]?b?)$/i.exec(text) ?? [];
  const factor = byteUnits.get(unit.toLowerCase());
  return amount === '' || factor === undefined ? undefined : Number(amount) * factor;
});

/** Redis Cluster places keys by what stands between braces, and the adapter puts those itself. */
export const isKeyPrefix = (text: string): boolean => text.length <= 128 && /^[^\p{Cc}{}"']*$/u.test(text);

export const keyPrefix = parsed((text) => (isKeyPrefix(text) ? text : undefined));
