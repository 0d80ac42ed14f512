import { isIP } from 'node:net';
import { z } from 'zod';
import { limits as bounds } from '@parley/hub-protocol';
import { readBucket, readBytes } from './files/file-config.ts';
import { readLimits } from './limits/read-limits.ts';

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

const reachable = z
  .string()
  .transform((text) => text.split(',').map((part) => part.trim()))
  .refine((parts) => parts.every(isNetwork));

function isNetwork(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}

const limits = z.string().transform((text, context) => {
  const settings = readLimits(text);
  if (settings !== undefined) return settings;
  context.addIssue({ code: 'custom' });
  return z.NEVER;
});

const bytes = (max: number) =>
  z.string().transform((text, context) => {
    const value = readBytes(text);
    if (value !== undefined && value <= max) return value;
    context.addIssue({ code: 'custom' });
    return z.NEVER;
  });

const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;

const logFormats = ['text', 'json'] as const;
export type LogFormat = (typeof logFormats)[number];

const demoPlaces = ['memory', 'database'] as const;

interface About {
  readonly what: string;
  /** Completes "must be ...". */
  readonly allowed: string;
  /** What holds without it. */
  readonly otherwise: string;
}

/** The guide has a page of this. */
const about = {
  HUB_HOST: {
    what: 'The address that the hub listens on; `0.0.0.0` or `::` for all',
    allowed: 'a host name or an IP address',
    otherwise: '`127.0.0.1`, this machine only',
  },
  HUB_PORT: {
    what: 'The port',
    allowed: 'a number from 0 to 65535, where 0 takes any that is free',
    otherwise: '`7788`',
  },
  HUB_PUBLIC_URL: {
    what: 'Where browsers find the hub: pages of other addresses are refused. With `https` cookies are sent over TLS only',
    allowed: 'an address such as https://chat.example.org, without a path',
    otherwise: 'whatever address a browser uses',
  },
  HUB_DATA: {
    what: 'The folder of the embedded Postgres. One hub at a time can have it',
    allowed: 'the path of a folder',
    otherwise: '`./data`; none with `DATABASE_URL`, or where `DATA_DIR` names one',
  },
  HUB_NAME: {
    what: 'What the workspace is called',
    allowed: 'a text of 1 to 80 characters',
    otherwise: '`Parley`',
  },
  HUB_DEMO: {
    what: 'Where `npm start -- --demo` plays: in memory, or in an empty database of its own, which `DATABASE_URL` names',
    allowed: `one of ${demoPlaces.join(', ')}`,
    otherwise: '`memory`: nothing is kept, and beside a server it does not start',
  },
  HUB_LOG_FORMAT: {
    what: 'How the log is written to stderr: for people, or a line of JSON for each entry',
    allowed: `one of ${logFormats.join(', ')}`,
    otherwise:
      '`text` in development and on a terminal, unless `NODE_ENV=production` is set; otherwise `json`',
  },
  HUB_LOG_LEVEL: {
    what: 'What is logged; `debug` has a line for each request',
    allowed: `one of ${logLevels.join(', ')}`,
    otherwise: '`info` as JSON, `warn` as text',
  },
  HUB_METRICS: {
    what: 'Who may read `/metrics`: everybody, or this machine and tokens with the scope `admin`',
    allowed: 'public or private',
    otherwise: '`private`',
  },
  HUB_TRUST_PROXY: {
    what: 'Proxies whose `x-forwarded-*` headers are believed',
    allowed: `addresses or networks separated by commas, or ${networks.join(', ')}`,
    otherwise: 'none',
  },
  HUB_WEBHOOK_NETWORKS: {
    what: 'Networks that webhooks may call although they are not of the internet, such as `10.1.0.0/16`',
    allowed: 'addresses or networks separated by commas',
    otherwise: 'none: this machine and private networks are out of reach',
  },
  HUB_LIMITS: {
    what: 'How much one user or one address may do, see [limits](#limits)',
    allowed: 'off, or limits such as message=60, message.agent=600, address=off',
    otherwise: 'the limits below',
  },
  HUB_FILES: {
    what: 'Where files are kept: a folder, which all nodes of a hub share, or a bucket of any store that speaks S3',
    allowed: 'the path of a folder, or s3://bucket or s3://bucket/prefix, or off',
    otherwise:
      'with the embedded Postgres a folder beside its own, `./data-files`; otherwise none, and nothing can be uploaded',
  },
  HUB_FILE_MAX: {
    what: 'How large a file may be',
    allowed: 'a number of bytes up to 1 GB, such as 25 MB',
    otherwise: '`100 MB`',
  },
  HUB_FILE_QUOTA: {
    what: 'How much room all files together may take',
    allowed: 'a number of bytes such as 500 GB',
    otherwise: '`20 GB`',
  },
  HUB_FILE_QUOTA_USER: {
    what: 'How much room the files of one user may take',
    allowed: 'a number of bytes such as 5 GB',
    otherwise: '`1 GB`',
  },
  HUB_RETENTION: {
    what: 'After how many days messages are deleted, in channels of which nothing else is said',
    allowed: 'a number of days from 0 to 36500, where 0 keeps them for ever',
    otherwise: '`0`, for ever',
  },
  HUB_STREAM_SILENCE: {
    what: 'After how many seconds without a word of its author a message that is being streamed is ended. Authors say every 10 seconds that they live',
    allowed: 'a number of seconds from 1 to 3600',
    otherwise: '`30`',
  },
  HUB_S3_ENDPOINT: {
    what: 'Where the object store is',
    allowed: 'an address such as https://s3.example.org, without a path',
    otherwise: 'that of Amazon in its region',
  },
  HUB_S3_REGION: {
    what: 'The region that requests to the object store are signed for',
    allowed: 'a word such as eu-central-1',
    otherwise: '`us-east-1`',
  },
  HUB_S3_ACCESS_KEY: {
    what: 'The id of the key for the object store',
    allowed: 'a text',
    otherwise: 'none; needed where `HUB_FILES` is a bucket',
  },
  HUB_S3_SECRET_KEY: {
    what: 'The secret of that key',
    allowed: 'a text',
    otherwise: 'none; needed where `HUB_FILES` is a bucket',
  },
} as const satisfies Readonly<Record<string, About>>;

type Name = keyof typeof about;

const shape = {
  HUB_HOST: z
    .string()
    .regex(/^(?:[\w.-]{1,253}|[\da-f:.]{2,45})$/i)
    .optional(),
  HUB_PORT: number(0, 65_535).optional(),
  HUB_PUBLIC_URL: origin.optional(),
  HUB_DATA: z.string().optional(),
  HUB_NAME: z.string().max(80).optional(),
  HUB_DEMO: z.enum(demoPlaces).optional(),
  HUB_LOG_FORMAT: z.enum(logFormats).optional(),
  HUB_LOG_LEVEL: z.enum(logLevels).optional(),
  HUB_METRICS: z.enum(['public', 'private']).optional(),
  HUB_TRUST_PROXY: proxies.optional(),
  HUB_LIMITS: limits.optional(),
  HUB_FILES: z
    .string()
    .refine(
      (text) => !text.includes('\0') && (!/^[a-z\d]+:\/\//i.test(text) || readBucket(text) !== undefined),
    )
    .optional(),
  HUB_FILE_MAX: bytes(bounds.fileBytes).optional(),
  HUB_FILE_QUOTA: bytes(Number.MAX_SAFE_INTEGER).optional(),
  HUB_FILE_QUOTA_USER: bytes(Number.MAX_SAFE_INTEGER).optional(),
  HUB_RETENTION: number(0, 36_500).optional(),
  HUB_STREAM_SILENCE: number(1, 3_600).optional(),
  HUB_S3_ENDPOINT: origin.optional(),
  HUB_S3_REGION: z
    .string()
    .regex(/^[\w-]{1,64}$/)
    .optional(),
  HUB_S3_ACCESS_KEY: z.string().optional(),
  // Nothing is wrong with any text: what is would be shown in an error.
  HUB_S3_SECRET_KEY: z.string().optional(),
  HUB_WEBHOOK_NETWORKS: reachable.optional(),
} satisfies Readonly<Record<Name, z.ZodType>>;

const abouts: ReadonlyMap<string, About> = new Map(Object.entries(about));

/** Every variable of the hub. */
export const hubVariables = {
  shape,
  names: [...abouts.keys()],
  about: (name: string): About => abouts.get(name) ?? { what: '', allowed: 'something else', otherwise: '' },
};

export type HubVariables = z.output<z.ZodObject<typeof shape>>;
