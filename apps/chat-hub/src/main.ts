import { rmSync } from 'node:fs';
import { isParleyError, type Logger } from '@parley/cache-core/kernel';
import type { Environment } from '@parley/runtime';
import { openHub, type Hub } from './compose.ts';
import { readHubConfig, type HubConfig } from './config.ts';
import { createLogger } from './http/logger.ts';
import { demoEnvironment } from './demo/demo-environment.ts';
import { readArguments } from './program/arguments.ts';
import { requireFree } from './program/free-address.ts';
import { buildPages } from './program/build-pages.ts';
import { greeting, readyLine, setupLine, type Place } from './program/greeting.ts';
import { sentenceOf } from './program/sentences.ts';
import { onSignals } from './program/signals.ts';
import { restoreFile } from './restore-program.ts';
import { tellStarter } from './program/tell-starter.ts';

/** The configuration has to be changed before another start makes sense; everything else may pass. */
const exitCodes = { ended: 0, failed: 1, configuration: 2 } as const;

const openingMs = 10_000;

function say(...lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** A hub to look at: agents follow a script in it, and nothing is kept. */
async function showDemo(): Promise<void> {
  const { environment, folder } = demoEnvironment(process.env);
  if (folder !== undefined) process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const { openDemo } = await import('./demo/open-demo.ts');
  await run(environment, async (hub, url, logger, keepsFiles) => openDemo(hub, { url, logger, keepsFiles }));
}

/** What lives in the hub as long as it runs. */
type Guest = (
  hub: Hub,
  url: string,
  logger: Logger,
  keepsFiles: boolean,
) => Promise<{ readonly close: () => Promise<void> }>;

async function run(environment: Environment, invite?: Guest): Promise<void> {
  const config = readHubConfig(environment);
  const logger = createLogger({ level: config.logLevel, format: config.logFormat });
  await requireFree(config);
  await buildPages({ say: (line) => (config.logFormat === 'text' ? say(line) : logger.info({}, line)) });
  let place: Place | undefined;
  const opening = openHub(config, {
    logger,
    onSetupCode: (code) => {
      if (place === undefined) return;
      say(setupLine(place, code));
      tellStarter({ event: 'setup-code', url: place.url, setupCode: code.code });
    },
  });
  let ending = false;
  let guest: Awaited<ReturnType<Guest>> | undefined;
  onSignals({
    onEnd() {
      ending = true;
      if (config.logFormat === 'text') say(`${config.name} ends in order. Ctrl+C again ends it at once.`);
      else logger.info({}, 'The hub ends in order');
      // What fails to open says so itself; what is not open by then may never be.
      const late = setTimeout(() => process.exit(exitCodes.ended), openingMs);
      opening
        .finally(() => clearTimeout(late))
        .then(
          (hub) =>
            Promise.resolve(guest?.close())
              .then(() => hub.close())
              .then(() => process.exit(exitCodes.ended))
              .catch(end),
          () => {},
        );
    },
  });
  const hub = await opening;
  if (ending) return;
  const address = await hub.listen().catch(async (error: unknown) => {
    await hub.close();
    throw error;
  });
  guest = await invite?.(hub, address, logger, config.files.place !== undefined).catch(
    async (error: unknown) => {
      await hub.close();
      throw error;
    },
  );
  place = { name: config.name, url: config.publicOrigin ?? address };
  welcome(hub, config, place, guest !== undefined);
  tellStarter({ event: 'ready', url: place.url, setupCode: hub.setup?.code ?? null });
  logger.info({ address }, 'The hub listens');
}

/** Set-up codes are said to who started the hub, and never logged. */
function welcome({ setup, parley }: Hub, { logFormat }: HubConfig, place: Place, demo: boolean): void {
  if (logFormat === 'json') return say(readyLine(place), ...(setup ? [setupLine(place, setup)] : []));
  const { mode, dataDir } = parley.config;
  const folder = mode === 'test' ? undefined : dataDir;
  say(...greeting(place, setup, { database: parley.selection.database, folder, demo }));
}

function end(error: unknown): void {
  process.stderr.write(`${sentenceOf(error)}\n`);
  process.exit(isParleyError(error, 'INVALID_CONFIG') ? exitCodes.configuration : exitCodes.failed);
}

async function begin(): Promise<void> {
  const task = readArguments(process.argv.slice(2));
  if (task.does === 'run') return task.demo ? showDemo() : run(process.env);
  const config = readHubConfig();
  const logger = createLogger({ level: config.logLevel, format: config.logFormat });
  say(JSON.stringify(await restoreFile(config, task.path, { logger })));
}

begin().catch(end);
