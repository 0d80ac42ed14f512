import type { File } from '@parley/hub-protocol';
import { useState } from 'react';
import { useRights } from '../channel/use-rights.ts';
import { useSession } from '../hub/context.ts';
import { sentenceOf } from '../hub/problem.ts';
import { PanelFrame } from '../shell/panel-frame.tsx';
import type { PanelProps } from '../shell/panel-view.tsx';
import { Button } from '../ui/button.tsx';
import { Confirm } from '../ui/confirm.tsx';
import { Notice } from '../ui/notice.tsx';
import { OtherFile } from './other-file.tsx';
import { PictureFile } from './picture-file.tsx';
import { useFiles } from './use-files.ts';
import '../channel/panels.css';
import './files.css';
import { later } from '../ui/later.tsx';

const Lightbox = later(() => import('../message/lightbox.tsx').then((part) => part.Lightbox));

/** What was sent in a channel: pictures as such, and everything else by name. */
export function FilesPanel({ channelId }: PanelProps) {
  return <PanelFrame title="Files">{channelId && <ChannelFiles channelId={channelId} />}</PanelFrame>;
}

function ChannelFiles({ channelId }: { readonly channelId: string }) {
  const { userId } = useSession();
  const rights = useRights(channelId);
  const { files, more, busy, error, read, remove } = useFiles(channelId);
  const [asked, setAsked] = useState<File>();
  const [opened, setOpened] = useState<string>();
  const pictures = files?.filter(({ preview }) => preview !== null) ?? [];
  const others = files?.filter(({ preview }) => preview === null) ?? [];
  const remover = (file: File) =>
    file.userId === userId || rights?.removeFiles === true ? () => setAsked(file) : undefined;
  return (
    <div className="panel-body">
      {files?.length === 0 && !more && (
        <Notice>Nothing was sent here yet. Files of messages are found here.</Notice>
      )}
      {pictures.length > 0 && (
        <section aria-label="Pictures">
          <h3 className="files-kind">Pictures</h3>
          <ul className="picture-grid">
            {pictures.map((file) => (
              <PictureFile
                key={file.id}
                file={file}
                onOpen={() => setOpened(file.id)}
                onRemove={remover(file)}
              />
            ))}
          </ul>
        </section>
      )}
      {others.length > 0 && (
        <section aria-label="Other files">
          {pictures.length > 0 && <h3 className="files-kind">Other files</h3>}
          <ul>
            {others.map((file) => (
              <OtherFile key={file.id} file={file} onRemove={remover(file)} />
            ))}
          </ul>
        </section>
      )}
      {error !== undefined && (
        <Notice tone="bad" action={{ label: 'Try again', onClick: () => void read() }}>
          The files could not be read. {sentenceOf(error)}
        </Notice>
      )}
      {busy && <div className="panel-waiting" role="status" aria-label="Loading" />}
      {more && !busy && error === undefined && <Button onClick={() => void read()}>Show older files</Button>}
      {opened !== undefined && (
        <Lightbox files={pictures} opened={opened} onOpen={setOpened} onClose={() => setOpened(undefined)} />
      )}
      {asked && (
        <Confirm
          title="Delete the file?"
          button="Delete"
          act={() => remove(asked.id)}
          onClose={() => setAsked(undefined)}
        >
          “<bdi>{asked.name}</bdi>” is gone for everybody then, also from the messages that have it.
        </Confirm>
      )}
    </div>
  );
}
