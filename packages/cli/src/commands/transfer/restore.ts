import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { CliError } from '../../cli-error.ts';
import { defineCommand } from '../../command.ts';
import { exitCodes } from '../../exit-codes.ts';
import { hubProgram } from '../hub/hub-program.ts';

export const hubRestore = defineCommand({
  path: ['hub', 'restore'],
  summary: 'Makes a hub of a backup, in a place where there is none yet',
  about: [
    'The place is named as for parley hub start: by --data, or by DATABASE_URL and all other variables. It must be empty, and no hub may run on it. All of the backup is restored or nothing: what was interrupted can be done again.',
    'The hub that is started afterwards has another epoch: whoever was connected loads anew what there is. Everybody signs in again; tokens go on, also those that were revoked after the backup was made.',
  ],
  args: [{ name: 'file', summary: 'What parley hub backup wrote' }],
  options: {
    data: {
      type: 'text',
      value: 'FOLDER',
      summary: 'Where everything is kept, instead of ./data (HUB_DATA)',
    },
  },
  examples: [
    {
      line: 'parley hub restore parley.backup --data ./restored',
      says: 'To a folder, for parley hub start --data ./restored',
    },
  ],
  async run({ world, out }, { args: { file }, options: { data } }) {
    const env = Object.entries({ ...world.env, ...(data !== undefined && { HUB_DATA: data }) });
    const child = spawn(process.execPath, [...hubProgram(), 'restore', resolve(file)], {
      env: Object.fromEntries(env.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const stop = world.onInterrupt((signal) => void child.kill(signal));
    try {
      const ended = new Promise<number | null>((done, failed) => {
        child.once('error', failed);
        child.once('close', done);
      });
      const [said, code] = await Promise.all([text(child.stdout), ended]);
      if (code === exitCodes.usage) return exitCodes.usage;
      if (code !== 0) return exitCodes.failed;
      const restored: unknown = JSON.parse(said);
      await out.result(restored);
      out.note(`Restored. parley hub start${data === undefined ? '' : ` --data ${data}`} runs it.`);
      return exitCodes.ok;
    } catch (cause) {
      throw new CliError('NO_HUB', 'the hub cannot be restored', { cause });
    } finally {
      stop();
    }
  },
});
