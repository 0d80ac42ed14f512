const floors = ['app', 'page', 'edge', 'runtime', 'adapter', 'domain', 'core', 'tool'] as const;
export type Floor = (typeof floors)[number];

export function isFloor(name: string): name is Floor {
  return floors.some((floor) => floor === name);
}

/** All arrows of the house. Tests may import tools beside these; nothing else is allowed. */
export const mayImport: Readonly<Record<Floor, readonly Floor[]>> = {
  app: floors,
  page: ['edge', 'domain'],
  edge: ['edge', 'runtime', 'domain', 'core'],
  runtime: ['adapter', 'domain', 'core'],
  adapter: ['domain', 'core'],
  domain: ['core'],
  core: [],
  tool: ['tool', 'edge', 'runtime', 'adapter', 'domain', 'core'],
};

/** Packages that may name less than their floor allows. */
export const mayImportOnly: Readonly<Record<string, readonly string[]>> = {
  '@parley/chat-hub-web': ['@parley/hub-client', '@parley/hub-protocol'],
  '@parley/hub-client': ['@parley/hub-protocol', '@parley/cache-core'],
  '@parley/cli': ['@parley/hub-client', '@parley/hub-protocol', '@parley/cache-core'],
  '@parley/eliza': ['@parley/runtime', '@parley/cache-core', '@parley/bus', '@parley/hub-client'],
};

/** Where packages of a floor live, so that a wrong tag cannot lift a package out of its rules. */
export const folderOf: Readonly<Record<Floor, RegExp>> = {
  app: /^apps\/[^/]+$/u,
  page: /^apps\/[^/]+\/web$/u,
  edge: /^packages\//u,
  runtime: /^packages\//u,
  adapter: /^packages\//u,
  domain: /^packages\//u,
  core: /^packages\//u,
  tool: /^(tools\/|docs$)/u,
};

export const core = '@parley/cache-core';
export const kernel = `${core}/kernel`;

/** Who takes nothing but the kernel from the core: what stands on it must run where the core's stores do not. */
export function takesKernelOnly(name: string, floor: Floor): boolean {
  return floor === 'domain' || name === '@parley/hub-client';
}

interface Home {
  readonly packages: readonly string[];
  readonly floors: readonly Floor[];
}

/** Third-party packages with a home: a change of driver must stay inside one adapter. */
export const homes: Readonly<Record<string, Home>> = {
  ioredis: { packages: ['@parley/adapter-redis'], floors: ['tool'] },
  pg: { packages: ['@parley/adapter-postgres'], floors: ['tool'] },
  '@electric-sql/pglite': { packages: ['@parley/adapter-postgres'], floors: ['tool'] },
  kysely: { packages: ['@parley/adapter-postgres'], floors: ['app', 'tool'] },
  pino: { packages: [], floors: ['app', 'runtime', 'tool'] },
};

export function hasHome(dependency: string, name: string, floor: Floor): boolean {
  const home = homes[dependency];
  return !home || home.packages.includes(name) || home.floors.includes(floor);
}
