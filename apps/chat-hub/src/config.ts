import { describeValue, redact } from '@parley/cache-core/kernel';
import { ConfigError, readConfig, type ConfigProblem, type Environment } from '@parley/runtime';
import { z } from 'zod';
import { hubVariables, type HubVariables } from './config-variables.ts';
import { unknownHubNames } from './config-unknown.ts';

/** What the environment says of the hub, checked. */
export interface HubConfig {
  readonly host: string;
  /** 0 takes any that is free. */
  readonly port: number;
  /** Where browsers find the hub, such as `https://chat.example.org`; undefined: wherever they say they do. */
  readonly publicOrigin: string | undefined;
  readonly name: string;
  readonly logLevel: string;
  readonly publicMetrics: boolean;
  /** Whose `x-forwarded-*` headers count. */
  readonly trustProxy: string[] | false;
  /** What the packages below are opened with. */
  readonly environment: Environment;
}

const schema = z.object(hubVariables.shape);

/**
 * Makes the config of the hub of an environment, and makes sure that the packages below can be opened with it as well. Whatever is wrong is told
 * at once by one `ConfigError`.
 *
 * Without `NODE_ENV` the hub runs for production: who starts it means to use it.
 */
export function readHubConfig(env: Environment = process.env): HubConfig {
  const problems: ConfigProblem[] = [...unknownHubNames(env)];
  const said = understand(env, problems);
  const environment = environmentOf(env, said);
  try {
    readConfig(environment);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    problems.push(...error.problems);
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return {
    host: said.HUB_HOST ?? '127.0.0.1',
    port: said.HUB_PORT ?? 7788,
    publicOrigin: said.HUB_PUBLIC_URL,
    name: said.HUB_NAME ?? 'Parley',
    logLevel: said.HUB_LOG_LEVEL ?? 'info',
    publicMetrics: said.HUB_METRICS === 'public',
    trustProxy: said.HUB_TRUST_PROXY ?? false,
    environment,
  };
}

function environmentOf(env: Environment, said: HubVariables): Environment {
  const isSet = (name: string): boolean => (env[name] ?? '').trim() !== '';
  return {
    ...env,
    ...(!isSet('NODE_ENV') && { NODE_ENV: 'production' }),
    ...(!isSet('DATABASE_URL') && !isSet('DATA_DIR') && { DATA_DIR: said.HUB_DATA ?? './data' }),
  };
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
    problems.push({ variable: name, message: `${name} (${shown}) must be ${hubVariables.allowed(name)}` });
  }
  return schema.parse(Object.fromEntries(Object.entries(given).filter(([name]) => !faulty.has(name))));
}
