import { HubError } from '@parley/hub-protocol';
import type { File } from '@parley/hub-protocol';
import { readText } from '@parley/runtime';
import type { ChatCore } from '../chat/core.ts';
import { admit, look } from '../chat/look.ts';
import { fromView } from '../chat/views.ts';
import { collectFiles } from './collector.ts';
import { createFile } from './create-file.ts';
import { deleteFile } from './delete-file.ts';
import { FileFigures } from './figures.ts';
import { noFile, type FileCore, type FileParts } from './file-core.ts';
import type { Files } from './files.ts';
import { finishFile } from './finish-file.ts';
import { Finishing } from './finishing.ts';
import { LeftFiles } from './left-files.ts';
import { lookFile } from './look-file.ts';
import { openRange, readParts } from './parts.ts';
import { Sweeper } from './sweeper.ts';
import { readRoom } from './usage.ts';
import { expectPart, writeFile } from './write-file.ts';

/** @param parts undefined: this hub keeps no files */
export function createFiles(chat: ChatCore, parts: FileParts | undefined): Files {
  const { tables } = chat;
  const figures = new FileFigures();
  const keeping = parts && beginKeeping(chat, parts, figures);
  const core = (): FileCore => {
    if (keeping !== undefined) return keeping;
    throw new HubError('FORBIDDEN', 'this hub keeps no files: HUB_FILES says where they would be');
  };
  return {
    async create(caller, channelId, file, call) {
      admit(await look(tables, caller, channelId, call), 'message.send');
      return createFile(core(), caller, channelId, file, call);
    },
    expect: async (caller, fileId, part, call) => expectPart(core(), caller, fileId, part, call),
    write: async (caller, fileId, part, call) => writeFile(core(), caller, fileId, part, call),
    finish: async (caller, fileId, sha256, call) => finishFile(core(), caller, fileId, sha256, call),
    delete: async (caller, fileId, call) => deleteFile(core(), caller, fileId, call),
    collect: async (call) => (keeping === undefined ? 0 : collectFiles(keeping, call)),

    async list(caller, channelId, { before, limit, signal }) {
      admit(await look(tables, caller, channelId, { signal }), 'channel.read');
      const { rows } = await tables.db.query(
        tables.statement('file_list'),
        [channelId, before ?? null, limit],
        { signal },
      );
      return rows.map((row) => fromView<File>(readText(row, 0)));
    },

    async own(caller, { before, limit, signal }) {
      const { rows } = await tables.db.query(
        tables.statement('file_own'),
        [caller.userId, before ?? null, limit],
        { signal },
      );
      return rows.map((row) => fromView<File>(readText(row, 0)));
    },

    room: async (caller, call) =>
      keeping === undefined ? { used: 0, limit: 0, largest: 0 } : readRoom(keeping, caller.userId, call),

    read: async (caller, fileId, call) => (await lookFile(chat, caller, fileId, call)).file,

    async content(caller, fileId, call) {
      const { file } = await lookFile(chat, caller, fileId, call);
      if (file.state !== 'ready') throw new HubError('CONFLICT', 'the upload of the file is under way');
      const stored = await readParts(core(), fileId, 'stored');
      return {
        file,
        size: file.size,
        open: (range, more) => openRange(core(), stored, range, more),
      };
    },

    async preview(caller, fileId, call) {
      const { file } = await lookFile(chat, caller, fileId, call);
      if (file.preview === null) throw noFile(fileId);
      const stored = await readParts(core(), fileId, 'preview');
      const size = stored[0]?.size ?? 0;
      return { size, open: (range, more) => openRange(core(), stored.slice(0, 1), range, more) };
    },

    figures: () => figures,
    async close() {
      await Promise.all([keeping?.finishing.close(), keeping?.sweeper.close()]);
    },
  };
}

function beginKeeping(chat: ChatCore, parts: FileParts, figures: FileFigures): FileCore {
  const kept = { ...parts, chat, figures };
  return {
    ...kept,
    finishing: new Finishing(),
    left: new LeftFiles(chat),
    sweeper: new Sweeper({ core: kept, logger: parts.logger }),
  };
}
