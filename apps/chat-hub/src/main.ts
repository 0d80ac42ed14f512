import { isParleyError } from '@parley/cache-core/kernel';
import { openHub, type Hub } from './compose.ts';
import { readHubConfig, type HubConfig } from './config.ts';
import { createLogger } from './http/logger.ts';
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

async function main(): Promise<void> {
  const config = readHubConfig();
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
            hub
              .close()
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
  place = { name: config.name, url: config.publicOrigin ?? address };
  welcome(hub, config, place);
  tellStarter({ event: 'ready', url: place.url, setupCode: hub.setup?.code ?? null });
  logger.info({ address }, 'The hub listens');
}

/** Set-up codes are said to who started the hub, and never logged. */
function welcome({ setup, parley }: Hub, { logFormat }: HubConfig, place: Place): void {
  if (logFormat === 'json') return say(readyLine(place), ...(setup ? [setupLine(place, setup)] : []));
  const { mode, dataDir } = parley.config;
  const folder = mode === 'test' ? undefined : dataDir;
  say(...greeting(place, setup, { database: parley.selection.database, folder }));
}

function end(error: unknown): void {
  process.stderr.write(`${sentenceOf(error)}\n`);
  process.exit(isParleyError(error, 'INVALID_CONFIG') ? exitCodes.configuration : exitCodes.failed);
}

/** `restore FILE` fills an empty hub instead of running one. */
async function begin([what, path]: readonly string[]): Promise<void> {
  if (what === undefined) return main();
  if (what !== 'restore' || path === undefined)
    throw new TypeError(`the hub knows "restore FILE", and not ${what}`);
  const config = readHubConfig();
  const logger = createLogger({ level: config.logLevel, format: config.logFormat });
  say(JSON.stringify(await restoreFile(config, path, { logger })));
}

begin(process.argv.slice(2)).catch(end);
