import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { CliError } from './cli-error.ts';
import { exitCodes } from './exit-codes.ts';
import { readLine } from './stdin.ts';
import type { World } from './world.ts';

/** Asks on the terminal. Standard output stays for results. */
export function ask(world: World, question: string): Promise<string> {
  return onTerminal(world, question, false);
}

/** A secret: asked for without showing it, or the first line of standard input. */
export async function askSecret(world: World, question: string): Promise<string> {
  if (world.stdin.isTTY === true) return onTerminal(world, question, true);
  const line = await readLine(world.stdin);
  if (line !== undefined && line !== '') return line;
  throw new CliError('NO_SECRET', `${question.replace(/: $/, '')}: nothing came from standard input`, {
    exitCode: exitCodes.usage,
    hint: 'Without a terminal it is the first line of standard input',
  });
}

async function onTerminal({ stdin, stderr }: World, question: string, hidden: boolean): Promise<string> {
  const nowhere = new Writable({ write: (_part, _encoding, done) => done() });
  const lines = createInterface({ input: stdin, output: hidden ? nowhere : stderr, terminal: true });
  const stopped = new AbortController();
  lines.once('SIGINT', () => stopped.abort());
  lines.once('close', () => stopped.abort());
  if (hidden) stderr.write(question);
  try {
    return await lines.question(hidden ? '' : question, { signal: stopped.signal });
  } catch (cause) {
    throw new CliError('INTERRUPTED', 'nothing was done', { exitCode: exitCodes.interrupted, cause });
  } finally {
    lines.close();
    if (hidden) stderr.write('\n');
  }
}
