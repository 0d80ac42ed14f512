import type { ServerProcess } from './server.ts';

/** All or none: when one cannot start, those that could are stopped. */
export async function startTogether<T extends ServerProcess>(starting: readonly Promise<T>[]): Promise<T[]> {
  const started = (await Promise.allSettled(starting)).flatMap((result) =>
    result.status === 'fulfilled' ? [result.value] : [],
  );
  if (started.length < starting.length) await stopTogether(started);
  return Promise.all(starting);
}

export async function stopTogether(servers: readonly ServerProcess[]): Promise<void> {
  await Promise.all(servers.map((server) => server.stop()));
}
