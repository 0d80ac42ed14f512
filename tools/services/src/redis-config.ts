/** Directives as in redis.conf; a value that holds several words is written as there, quotes included. */
export type RedisConfig = Readonly<Record<string, string>>;

/** Small and quick for tests: nothing on disk, and replicas that synchronise at once. */
export const redisDefaults: RedisConfig = {
  bind: '127.0.0.1',
  'protected-mode': 'yes',
  daemonize: 'no',
  logfile: '',
  save: '',
  appendonly: 'no',
  'repl-diskless-sync-delay': '0',
  'repl-ping-replica-period': '1',
  'shutdown-timeout': '1',
};

/** The text of a redis.conf. */
export function renderConfig(config: RedisConfig, users: readonly string[] = []): string {
  const lines = [
    ...Object.entries(config).map(([name, value]) => `${name} ${value === '' ? '""' : value}`),
    ...users.map((user) => `user ${user}`),
  ];
  for (const line of lines)
    if (/[\r\n]/.test(line))
      throw new TypeError(`a directive of redis.conf is one line: ${JSON.stringify(line)}`);
  return `${lines.join('\n')}\n`;
}

/** Whether the server itself writes its data to disk. */
export function isPersistent(config: RedisConfig): boolean {
  return config['appendonly'] === 'yes' || !['', '""'].includes(config['save'] ?? '');
}

/** A value as the server reads it. */
export function unquoted(value: string): string {
  return value.startsWith('"') ? String(JSON.parse(value)) : value;
}
