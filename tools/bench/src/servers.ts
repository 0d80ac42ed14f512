/** The servers that a scenario can ask for. */
export const serverNames = ['redis', 'postgres'] as const;
export type ServerName = (typeof serverNames)[number];

export interface StartedServer {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

export type StartServer = (name: ServerName) => Promise<StartedServer>;

/** Loaded only when a server is wanted: most benches need none. */
async function startService(name: ServerName): Promise<StartedServer> {
  const { startPostgres, startRedis } = await import('@parley/services');
  return name === 'redis' ? startRedis() : startPostgres();
}

/** Starts each server once and lends them all for the time of `work`. */
export async function withServers<T>(
  names: ReadonlySet<ServerName>,
  work: (servers: ReadonlyMap<ServerName, StartedServer>) => Promise<T>,
  start: StartServer = startService,
): Promise<T> {
  const started = new Map<ServerName, StartedServer>();
  try {
    for (const name of names) started.set(name, await start(name));
    return await work(started);
  } finally {
    await Promise.all([...started.values()].map((server) => server.stop()));
  }
}
