import { rm } from 'node:fs/promises';
import type { Subject, Subjects } from '../../src/scenario.ts';
import { Program } from './program.ts';
import { bareProgram, hubProgram, newFolder } from './server.ts';

type Start = (folder: string) => Program;

const hub: Start = (folder) => new Program(hubProgram, { env: { HUB_PORT: '0', HUB_DATA: folder } });

/** An HTTP server on the same Postgres, with one table. */
const bare: Start = (folder) => new Program(bareProgram, { env: { BARE_DATA: folder } });

/** From the start of the process until it is ready, in a folder that is empty or was used before. */
function starts(start: Start, again: boolean): Subject {
  return async () => {
    const once = async (folder: string): Promise<number> => {
      const program = start(folder);
      try {
        return await program.ready();
      } finally {
        await program.stop();
      }
    };
    const used = again ? await newFolder() : undefined;
    if (used !== undefined) await once(used);
    return {
      async op() {
        const folder = used ?? (await newFolder());
        try {
          return await once(folder);
        } finally {
          if (folder !== used) await rm(folder, { recursive: true, force: true });
        }
      },
      async teardown() {
        if (used !== undefined) await rm(used, { recursive: true, force: true });
      },
    };
  };
}

export const firstStart: Subjects = { ours: starts(hub, false), floor: starts(bare, false) };
export const laterStart: Subjects = { ours: starts(hub, true), floor: starts(bare, true) };
