import { isParleyError } from '@parley/cache-core/kernel';
import { openHub, type Hub } from './compose.ts';
import { readHubConfig, type HubConfig } from './config.ts';
import { createLogger } from './http/logger.ts';
import { setupMinutes } from './access/setup-codes.ts';
import { tellStarter } from './tell-starter.ts';

/** The configuration has to be changed before another start makes sense; everything else may pass. */
const exitCodes = { failed: 1, configuration: 2 } as const;

const signals = { SIGINT: 2, SIGTERM: 15 } as const;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function main(): Promise<void> {
  const config = readHubConfig();
  const logger = createLogger({ level: config.logLevel });
  const hub = await openHub(config, { logger });
  onSignals(hub);
  const address = await hub.listen().catch(async (error: unknown) => {
    await hub.close();
    throw error;
  });
  welcome(hub, config, address);
}

/** The two lines that a new user needs. */
function welcome({ setup }: Hub, { name, publicOrigin }: HubConfig, address: string): void {
  const url = publicOrigin ?? address;
  say(`${name} is ready: ${url}/`);
  tellStarter({ event: 'ready', url, setupCode: setup?.code ?? null });
  if (setup === undefined) return;
  say(
    `Nobody owns it yet. Open ${url}/#setup=${setup.code} within ${setupMinutes} minutes, or type the code ${setup.code} there.`,
  );
}

/** The first signal ends in order; with the second one somebody is in a hurry. */
function onSignals(hub: Hub): void {
  let ending = false;
  for (const [signal, number] of Object.entries(signals)) {
    process.on(signal, () => {
      if (ending) process.exit(128 + number);
      ending = true;
      hub.close().then(
        () => process.exit(0),
        (error: unknown) => end(error),
      );
    });
  }
}

function end(error: unknown): void {
  process.stderr.write(`${sentenceOf(error)}\n`);
  process.exit(isParleyError(error, 'INVALID_CONFIG') ? exitCodes.configuration : exitCodes.failed);
}

/** For those who run the hub: what is wrong and what to do, without a stack. What is no defect of ours needs none. */
function sentenceOf(error: unknown): string {
  if (isParleyError(error, 'FOLDER_IN_USE'))
    return `${error.message}. Another hub runs on this folder: end it, or set HUB_DATA to another folder.`;
  if (isParleyError(error)) return error.message;
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  if (code === 'EADDRINUSE') return 'The port is taken by another program: set HUB_PORT to another one.';
  if (code === 'EACCES' || code === 'EPERM' || code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `The hub cannot start: ${error instanceof Error ? error.message : code}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

main().catch(end);
