import { isIP } from 'node:net';
import { z } from 'zod';

const number = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .refine((value) => value >= min && value <= max);

const origin = z.string().transform((text, context) => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol) && isBare(url)) return url.origin;
  context.addIssue({ code: 'custom' });
  return z.NEVER;
});

function isBare({ username, password, pathname, search, hash }: URL): boolean {
  return [username, password, search, hash].every((part) => part === '') && pathname === '/';
}

const networks = ['loopback', 'linklocal', 'uniquelocal'];

const proxies = z
  .string()
  .transform((text) => text.split(',').map((part) => part.trim()))
  .refine((parts) => parts.every((part) => networks.includes(part) || isNetwork(part)));

function isNetwork(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}

const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;

/** What each takes: completes "must be ...". What it is for stands in the README. */
const allowed = {
  HUB_HOST: 'a host name or an IP address',
  HUB_PORT: 'a number from 0 to 65535, where 0 takes any that is free',
  HUB_PUBLIC_URL: 'an address such as https://chat.example.org, without a path',
  HUB_DATA: 'the path of a folder',
  HUB_NAME: 'a text of 1 to 80 characters',
  HUB_LOG_LEVEL: `one of ${logLevels.join(', ')}`,
  HUB_METRICS: 'public or private',
  HUB_TRUST_PROXY: `addresses or networks separated by commas, or ${networks.join(', ')}`,
} as const satisfies Readonly<Record<string, string>>;

type Name = keyof typeof allowed;

const shape = {
  HUB_HOST: z
    .string()
    .regex(/^(?:[\w.-]{1,253}|[\da-f:.]{2,45})$/i)
    .optional(),
  HUB_PORT: number(0, 65_535).optional(),
  HUB_PUBLIC_URL: origin.optional(),
  HUB_DATA: z.string().optional(),
  HUB_NAME: z.string().max(80).optional(),
  HUB_LOG_LEVEL: z.enum(logLevels).optional(),
  HUB_METRICS: z.enum(['public', 'private']).optional(),
  HUB_TRUST_PROXY: proxies.optional(),
} satisfies Readonly<Record<Name, z.ZodType>>;

/** Every variable of the hub. */
export const hubVariables = {
  shape,
  names: Object.keys(allowed),
  allowed: (name: string): string =>
    Object.entries(allowed).find(([known]) => known === name)?.[1] ?? 'something else',
};

export type HubVariables = z.output<z.ZodObject<typeof shape>>;
