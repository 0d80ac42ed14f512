/** What the tests need from the machine, and where it can come from. */
export interface Program {
  /** As a sentence names it. */
  readonly title: string;
  /** The first is the program itself, the others must sit in the same folder. */
  readonly binaries: readonly [string, ...string[]];
  /** What `--version` must print; the first group is the major version. */
  readonly version: RegExp;
  readonly atLeast: number;
  /** Looked at after PATH; a `*` stands for a version, the newest first. */
  readonly folders: readonly string[];
  /** The package of Debian and Ubuntu. */
  readonly debian: string;
  /** The package of Homebrew. */
  readonly brew?: string;
  /** The container image; without one, containers are no way. */
  readonly image?: string;
  /** The variable that names running servers, with an example. Without one, there is no such way. */
  readonly variable?: { readonly name: string; readonly example: string };
  /** Refuses to run as root, so root runs it as another user. */
  readonly refusesRoot?: true;
}

export const programs = {
  redis: {
    title: 'Redis',
    binaries: ['redis-server'],
    version: /^Redis server v=(\d+)/m,
    atLeast: 7,
    folders: ['/usr/bin', '/usr/local/bin', '/opt/homebrew/bin', '/usr/local/opt/redis/bin'],
    debian: 'redis-server',
    brew: 'redis',
    image: 'redis:7-alpine',
    variable: { name: 'PARLEY_TEST_REDIS_URL', example: 'redis://127.0.0.1:6379' },
  },
  postgres: {
    title: 'Postgres',
    binaries: ['postgres', 'initdb', 'pg_basebackup'],
    version: /^postgres \(PostgreSQL\) (\d+)/m,
    atLeast: 14,
    folders: [
      '/usr/lib/postgresql/*/bin',
      '/usr/pgsql-*/bin',
      '/opt/homebrew/opt/postgresql@*/bin',
      '/usr/local/opt/postgresql@*/bin',
    ],
    debian: 'postgresql',
    brew: 'postgresql@17',
    image: 'postgres:17-alpine',
    variable: { name: 'PARLEY_TEST_POSTGRES_URL', example: 'postgres://postgres@127.0.0.1:5432/postgres' },
    refusesRoot: true,
  },
  faketime: {
    title: 'faketime, for skewed clocks',
    binaries: ['faketime'],
    version: /faketime: Version (\d+)/,
    atLeast: 0,
    folders: ['/usr/bin', '/opt/homebrew/bin'],
    debian: 'faketime',
    brew: 'libfaketime',
  },
  nftables: {
    title: 'nft, for partitions',
    binaries: ['nft'],
    version: /^nftables v(\d+)/m,
    atLeast: 1,
    folders: ['/usr/sbin', '/sbin'],
    debian: 'nftables',
  },
  chromium: {
    title: 'Chromium, for tests in a browser',
    binaries: ['chromium'],
    version: /^Chromium (\d+)/m,
    atLeast: 100,
    folders: ['/usr/bin', '/opt/homebrew/bin'],
    debian: 'chromium',
    brew: 'chromium',
  },
} as const satisfies Record<string, Program>;

export type ProgramName = keyof typeof programs;
