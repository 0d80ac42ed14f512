import { readFileSync } from 'node:fs';
import { callHubAsAdmin } from '@parley/hub-client/admin';
import { CliError } from './cli-error.ts';
import { commands } from './commands.ts';
import type { Context } from './context.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import { failureOf, failureText } from './failure.ts';
import { helpData, helpText } from './help.ts';
import { hubToken } from './hub-token.ts';
import { hubUrl, urlText } from './hub-url.ts';
import { checkHelpPath } from './help-path.ts';
import { Output, outputGone } from './output.ts';
import { parse, type Parsed } from './parse.ts';
import { safeJson } from './safe-text.ts';
import { processWorld, type World } from './world.ts';

/**
 * Runs one command line, without the name of the program. Answers what the process should end with; it does not end it.
 *
 * @param world what it reads and writes. @default the process
 */
export async function parley(argv: readonly string[], world: World = processWorld()): Promise<ExitCode> {
  const out = new Output(world, wantsJson(argv));
  let address: string | undefined;
  try {
    const parsed = parse(argv, commands);
    if (parsed.kind !== 'run') await tell(parsed, out);
    else {
      const { command, given, globals } = parsed;
      const url = async (): Promise<URL> => {
        const url = await hubUrl(world, globals);
        address = urlText(url);
        return url;
      };
      const hub: Context['hub'] = async () => {
        const where = await url();
        const token = await hubToken(world, globals, where);
        return { url: where, token, call: callHubAsAdmin({ url: where, token, fetch: world.fetch }) };
      };
      const exitCode = await command.run({ world, out, globals, commands, url, hub }, given);
      await out.end();
      return exitCode ?? exitCodes.ok;
    }
    await out.end();
    return exitCodes.ok;
  } catch (error) {
    // As any program does that is read by `head`.
    if (error instanceof CliError && error.code === outputGone) return exitCodes.ok;
    const failure = failureOf(error, address);
    out.say(out.json ? safeJson({ error: failure }) : failureText(failure));
    return failure.exitCode;
  }
}

/** Known before the line is read: what is wrong with the line is told in JSON too. */
function wantsJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return (end < 0 ? argv : argv.slice(0, end)).includes('--json');
}

async function tell(parsed: Exclude<Parsed, { kind: 'run' }>, out: Output): Promise<void> {
  if (parsed.kind === 'version') {
    const version = ownVersion();
    await out.result({ version }, version);
    return;
  }
  const path = checkHelpPath(parsed.path, commands);
  await out.result(helpData(path, commands), helpText(path, commands));
}

function ownVersion(): string {
  const manifest: { readonly version: string } = JSON.parse(
    readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
  );
  return manifest.version;
}
