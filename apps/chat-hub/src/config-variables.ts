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

interface About {
  /** Completes "must be ...". */
  readonly allowed: string;
  /** What it is for, and what holds without it; for the documentation. */
  readonly what: string;
  readonly otherwise: string;
}

const facts = {
  HUB_HOST: {
    what: 'The address that the hub listens on; `0.0.0.0` or `::` for all',
    allowed: 'a host name or an IP address',
    otherwise: '`127.0.0.1`: this machine only',
  },
  HUB_PORT: {
    what: 'The port that the hub listens on',
    allowed: 'a number from 0 to 65535, where 0 takes any that is free',
    otherwise: '`7788`',
  },
  HUB_PUBLIC_URL: {
    what: 'Where browsers find the hub: pages of other addresses are refused',
    allowed: 'an address such as https://chat.example.org, without a path',
    otherwise: 'whatever address a browser uses',
  },
  HUB_DATA: {
    what: 'The folder of the embedded Postgres, where neither `DATABASE_URL` nor `DATA_DIR` says otherwise',
    allowed: 'the path of a folder',
    otherwise: '`./data`',
  },
  HUB_NAME: {
    what: 'What the workspace is called',
    allowed: 'a text of 1 to 80 characters',
    otherwise: '`Parley`',
  },
  HUB_LOG_LEVEL: {
    what: 'The least that is logged; `debug` has a line for each request',
    allowed: `one of ${logLevels.join(', ')}`,
    otherwise: '`info`',
  },
  HUB_METRICS: {
    what: 'Who may read `/metrics`: everybody, or this machine and tokens with the scope admin',
    allowed: 'public or private',
    otherwise: '`private`',
  },
  HUB_TRUST_PROXY: {
    what: 'Proxies whose `x-forwarded-*` headers are believed',
    allowed: `addresses or networks separated by commas, or ${networks.join(', ')}`,
    otherwise: 'none',
  },
} as const satisfies Readonly<Record<string, About>>;

type Name = keyof typeof facts;

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

/** Every variable of the hub, and what is to be said of it. */
export const hubVariables = {
  shape,
  facts,
  names: Object.keys(facts),
  allowed: (name: string): string =>
    Object.entries(facts).find(([known]) => known === name)?.[1].allowed ?? '',
};

export type HubVariables = z.output<z.ZodObject<typeof shape>>;
