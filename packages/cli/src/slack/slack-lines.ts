import { createHash } from 'node:crypto';
import { lstat, readdir, readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { limits } from '@parley/hub-protocol';
import { CliError } from '../cli-error.ts';
import type { BrokenLine, SourceLine } from '../transfer/batches.ts';
import { cut } from './cut.ts';
import { elementsOf } from './elements.ts';
import { fieldsIn, fieldsOf, listIn, secondsIn, textIn } from './slack-fields.ts';
import { messageOf } from './slack-message.ts';
import { SlackPeople } from './slack-people.ts';

/** A day of one channel, or a list of users: one such file is in memory at a time. */
const largestFile = 128 * 1_048_576;

/** The folder that an archive was unpacked to is called the same wherever it lies: by those who are in it. */
export async function slackSource(folder: string): Promise<string> {
  const users = await fileIn(folder, 'users.json');
  for (const { text } of elementsOf(users)) {
    const team = /"team_id"\s*:\s*"(\w+)"/.exec(text)?.[1];
    if (team !== undefined) return `slack-${team}`;
  }
  return `slack-${createHash('sha256').update(users).digest('hex').slice(0, 12)}`;
}

/** An export of Slack as lines of an export of ours: people, then each channel with its messages and who is in it. */
export async function* slackLines(folder: string): AsyncGenerator<SourceLine | BrokenLine> {
  const people = new SlackPeople();
  yield* converted(folder, 'users.json', (text) => [people.user(text)]);
  const entries = await readdir(folder);
  for (const [file, kind] of [
    ['channels.json', 'public'],
    ['groups.json', 'private'],
  ] as const) {
    if (!entries.includes(file)) continue;
    for await (const line of converted(folder, file, (text) => [text])) {
      if ('broken' in line) yield line;
      else yield* channelLines(folder, line, kind, people);
    }
  }
}

async function* channelLines(
  folder: string,
  { text, file, line }: SourceLine,
  kind: string,
  people: SlackPeople,
): AsyncGenerator<SourceLine | BrokenLine> {
  const fields = fieldsOf(text);
  const place = { file, line };
  const id = textIn(fields, 'id');
  const called = textIn(fields, 'name');
  if (id === undefined || called === undefined) {
    yield { broken: 'the channel has no id or no name', ...place };
    return;
  }
  const createdAt = secondsIn(fields, 'created');
  const channel = {
    id,
    kind,
    name: nameFrom(called, id),
    topic: cut(textIn(fieldsIn(fields, 'topic'), 'value') ?? '', limits.topic),
    description: cut(textIn(fieldsIn(fields, 'purpose'), 'value') ?? '', limits.description),
    createdAt,
    archivedAt: fields['is_archived'] === true ? (secondsIn(fields, 'updated') ?? Date.now()) : undefined,
  };
  yield { text: JSON.stringify({ channel }), ...place };
  const reading = { channelId: id, people, roots: new Set<string>() };
  for (const day of await daysOf(folder, called)) {
    const path = join(called, day);
    if (!(await isPlain(join(folder, path)))) {
      yield { broken: 'it is no file of the export, and is not followed', file: path, line: 1 };
      continue;
    }
    yield* converted(folder, path, (message) => {
      const spoken = messageOf(fieldsOf(message), reading);
      if (spoken === undefined) return [];
      return spoken.newcomer === undefined ? spoken.lines : [spoken.newcomer, ...spoken.lines];
    });
  }
  for (const userId of listIn(fields, 'members'))
    if (typeof userId === 'string')
      yield { text: JSON.stringify({ member: { channelId: id, userId } }), ...place };
}

/** The files of a channel, in the order of their days. A name that leads elsewhere has none. */
async function daysOf(folder: string, channel: string): Promise<string[]> {
  if (channel.includes('/') || channel.includes(sep) || channel.startsWith('.')) return [];
  const place = join(folder, channel);
  const isFolder = await lstat(place).then(
    (found) => found.isDirectory(),
    () => false,
  );
  const names = isFolder ? await readdir(place) : [];
  return names.filter((name) => name.endsWith('.json')).toSorted();
}

/** An archive may bring links along, which lead to what is not in it, and pipes, which never end. */
async function isPlain(path: string): Promise<boolean> {
  return (await lstat(path)).isFile();
}

async function* converted(
  folder: string,
  file: string,
  convert: (text: string) => readonly string[],
): AsyncGenerator<SourceLine | BrokenLine> {
  for (const { text, line } of elementsOf(await fileIn(folder, file))) {
    try {
      for (const one of convert(text)) yield { text: one, file, line };
    } catch (error) {
      yield { broken: error instanceof Error ? error.message : String(error), file, line };
    }
  }
}

async function fileIn(folder: string, file: string): Promise<string> {
  const path = join(folder, file);
  try {
    const { size } = await lstat(path);
    if (!(await isPlain(path))) throw new CliError('FILE', `${path} is no file of the export`);
    if (size > largestFile)
      throw new CliError('FILE', `${path} is too large for a file of an export of Slack`);
    return await readFile(path, 'utf8');
  } catch (cause) {
    if (cause instanceof CliError) throw cause;
    throw new CliError('FILE', `${path} cannot be read`, {
      hint: 'An export of Slack is given as the folder that its archive was unpacked to',
      cause,
    });
  }
}

function nameFrom(name: string, id: string): string {
  const plain = name
    .normalize('NFKD')
    .replaceAll(/\p{M}+/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]+/g, '-')
    .replaceAll(/^[_-]+/g, '')
    .slice(0, limits.channelName);
  return plain === '' ? id.toLowerCase() : plain;
}
