import { createHash, randomUUID, type Hash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { access, link, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { callFiles, downloadFile } from '@parley/hub-client/files';
import { CliError, usageError } from '../../cli-error.ts';
import { defineCommand } from '../../command.ts';
import { shownBytes } from './bytes.ts';

export const getFile = defineCommand({
  path: ['file', 'get'],
  summary: 'Downloads a file',
  about: ['A file that came in wrong is not kept. Without --force nothing is overwritten.'],
  args: [{ name: 'id', summary: 'The id of the file, as parley file list shows it' }],
  options: {
    output: {
      type: 'text',
      short: 'o',
      value: 'FILE',
      summary: 'Where it goes instead of the current folder; - for standard output',
    },
    force: { type: 'flag', summary: 'Over a file that is there' },
  },
  examples: [
    { line: 'parley file get 018dcd8a-0b80-7c4e-9a51-0f4f0f1c1a08', says: 'By its id, under its own name' },
    {
      line: 'parley file get 018dcd8a-0b80-7c4e-9a51-0f4f0f1c1a08 -o - | less',
      says: 'To another program',
    },
  ],
  async run({ out, hub, world }, { args: { id }, options: { output, force = false } }) {
    const { url, token } = await hub();
    const where = { url, token, fetch: world.fetch };
    const file = await callFiles(where)('readFile', { params: { fileId: id } });
    // Whoever uploaded it chose the name: it must not lead out of the folder, whatever the hub let through.
    const path = output ?? join('.', plainName(file.name));
    // Only whoever is at the terminal says that it is to be shown there.
    const toOutput = output === '-';
    if (!toOutput && !force) await requireFree(path);
    const { body } = await downloadFile({ ...where, fileId: id });
    if (body === null) throw new CliError('FILE', 'the hub answered with nothing');
    const hash = createHash('sha256');
    if (toOutput) {
      await pipeline(Readable.fromWeb(body), hashing(hash), world.stdout, { end: false });
      requireSame(hash, file.sha256);
      return;
    }
    const unfinished = `${path}.${randomUUID()}.part`;
    try {
      await pipeline(Readable.fromWeb(body), hashing(hash), createWriteStream(unfinished, { flags: 'wx' }));
      requireSame(hash, file.sha256);
      if (force) await rename(unfinished, path);
      // Where somebody made such a file meanwhile, theirs stays.
      else await link(unfinished, path).catch(() => requireFree(path).then(() => rename(unfinished, path)));
    } finally {
      await rm(unfinished, { force: true });
    }
    await out.result({ path, file });
    out.note(`${path}: ${shownBytes(file.size)}`);
  },
});

/** What Windows takes for a device, with any ending, or for a drive or a stream of another file. */
const special = /:|^(?:aux|con|nul|prn|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)\s*(?:\.|$)/i;

/** @param platform where it is to be kept */
export function plainName(name: string, platform: string = process.platform): string {
  const leadsElsewhere = /[/\\\p{Cc}]/u.test(name) || ['', '.', '..'].includes(name.trim());
  if (!leadsElsewhere && !(platform === 'win32' && special.test(name))) return name;
  throw new CliError('FILE', 'the file has a name that leads elsewhere', { hint: 'Name one: --output FILE' });
}

async function requireFree(path: string): Promise<void> {
  const isThere = await access(path).then(
    () => true,
    () => false,
  );
  if (isThere) throw usageError(`${path} is there already`, 'Another one with --output FILE, or --force');
}

function hashing(hash: Hash): Transform {
  return new Transform({
    transform(piece: Buffer, _, done) {
      hash.update(piece);
      done(null, piece);
    },
  });
}

function requireSame(hash: Hash, sha256: string | null): void {
  if (sha256 === null || hash.digest('hex') === sha256) return;
  throw new CliError('FILE', 'the bytes that came are others than those of the file: try again');
}
