import { describeValue, redact } from '@parley/cache-core/kernel';
import { ConfigError, readConfig, type ConfigProblem, type Environment } from '@parley/runtime';
import { z } from 'zod';
import { hubVariables, type HubVariables, type LogFormat } from './config-variables.ts';
import { fileConfig } from './config-files.ts';
import { unknownHubNames } from './config-unknown.ts';
import type { FileConfig } from './files/file-config.ts';
import { standardLimits, type LimitSettings } from './limits/limit-names.ts';

/** What the environment says of the hub, checked. */
export interface HubConfig {
  readonly host: string;
  /** 0 takes any that is free. */
  readonly port: number;
  /** Where browsers find the hub, such as `https://chat.example.org`; undefined: wherever they say they do. */
  readonly publicOrigin: string | undefined;
  readonly name: string;
  readonly logLevel: string;
  readonly logFormat: LogFormat;
  readonly publicMetrics: boolean;
  /** Whose `x-forwarded-*` headers count. */
  readonly trustProxy: string[] | false;
  /** How much one user or one address may do. */
  readonly limits: LimitSettings;
  readonly files: FileConfig;
  /** After how many days messages are deleted, where nothing is said of their channel; 0: never. */
  readonly retentionDays: number;
  /** How long the author of a message that is being streamed may be silent. */
  readonly streamSilentMs: number;
  /** Networks that webhooks may call although they are not of the internet. */
  readonly webhookNetworks: readonly string[];
  /** What the packages below are opened with. */
  readonly environment: Environment;
}

const schema = z.object(hubVariables.shape);

export interface ReadHubConfigOptions {
  /** Whether somebody reads along while the hub runs. @default whether stderr is a terminal */
  readonly terminal?: boolean | undefined;
}

/**
 * Makes the config of the hub of an environment, and makes sure that the packages below can be opened with it as well. Whatever is wrong is told
 * at once by one `ConfigError`.
 *
 * Without `NODE_ENV` the hub runs for production where a server is named, as who names one means to use it, and for development otherwise.
 */
export function readHubConfig(
  env: Environment = process.env,
  { terminal = process.stderr.isTTY }: ReadHubConfigOptions = {},
): HubConfig {
  const problems: ConfigProblem[] = [...unknownHubNames(env)];
  const said = understand(env, problems);
  const environment = environmentOf(env, said, problems);
  const files = fileConfig(said, folderBeside(environment), problems);
  if (problems.length > 0) throw new ConfigError(problems);
  const production = environment['NODE_ENV'] === 'production';
  const logFormat =
    said.HUB_LOG_FORMAT ?? (production && (isSet(env, 'NODE_ENV') || !terminal) ? 'json' : 'text');
  return {
    host: said.HUB_HOST ?? '127.0.0.1',
    port: said.HUB_PORT ?? 7788,
    publicOrigin: said.HUB_PUBLIC_URL,
    name: said.HUB_NAME ?? 'Parley',
    logLevel: said.HUB_LOG_LEVEL ?? (logFormat === 'json' ? 'info' : 'warn'),
    logFormat,
    publicMetrics: said.HUB_METRICS === 'public',
    trustProxy: said.HUB_TRUST_PROXY ?? false,
    limits: said.HUB_LIMITS ?? standardLimits,
    files,
    retentionDays: said.HUB_RETENTION ?? 0,
    streamSilentMs: (said.HUB_STREAM_SILENCE ?? 30) * 1_000,
    webhookNetworks: said.HUB_WEBHOOK_NETWORKS ?? [],
    environment,
  };
}

/** Of the embedded Postgres, which has its folder for itself. Without one nothing is kept, and no files are. */
function folderBeside(environment: Environment): string | undefined {
  if (isSet(environment, 'DATABASE_URL') || environment['NODE_ENV'] === 'test') return undefined;
  const folder = environment['DATA_DIR']?.trim().replace(/[/\\]+$/, '') ?? '';
  return folder === '' ? undefined : `${folder}-files`;
}

function isSet(env: Environment, name: string): boolean {
  return (env[name] ?? '').trim() !== '';
}

/** What the packages below are opened with, as far as they can be. */
function environmentOf(env: Environment, said: HubVariables, problems: ConfigProblem[]): Environment {
  const withFolder = {
    ...env,
    ...(!isSet(env, 'DATABASE_URL') && !isSet(env, 'DATA_DIR') && { DATA_DIR: said.HUB_DATA ?? './data' }),
  };
  try {
    const { databaseUrl, redis, chatRedis } = readConfig(withFolder);
    if (isSet(env, 'NODE_ENV')) return withFolder;
    const hasServer = [databaseUrl, redis, chatRedis].some((server) => server !== undefined);
    return { ...withFolder, NODE_ENV: hasServer ? 'production' : 'development' };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    problems.push(...error.problems);
    return withFolder;
  }
}

function understand(env: Environment, problems: ConfigProblem[]): HubVariables {
  const given: Record<string, string> = {};
  for (const name of Object.keys(hubVariables.shape)) {
    const value = env[name]?.trim() ?? '';
    // Kubernetes puts such addresses there for a service that is called hub.
    if (value !== '' && !/^(?:tcp|udp|sctp):\/\//.test(value)) given[name] = value;
  }
  const outcome = schema.safeParse(given);
  if (outcome.success) return outcome.data;
  const faulty = new Set(outcome.error.issues.map(({ path }) => String(path[0])));
  for (const name of faulty) {
    const shown = describeValue(redact(given[name] ?? ''));
    problems.push({
      variable: name,
      message: `${name} (${shown}) must be ${hubVariables.about(name).allowed}`,
    });
  }
  return schema.parse(Object.fromEntries(Object.entries(given).filter(([name]) => !faulty.has(name))));
}
