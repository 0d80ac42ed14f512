import type { File, Message } from '@parley/hub-protocol';
import { lazy, Suspense, useState } from 'react';
import { FileCard } from './file-card.tsx';
import { contentOf, fitted, isPicture, previewOf } from './file-places.ts';
import './attachments.css';

const Lightbox = lazy(() => import('./lightbox.tsx').then(({ Lightbox }) => ({ default: Lightbox })));

/** What was uploaded for a message. */
export function Attachments({ message }: { readonly message: Message }) {
  const { files, deletedAt } = message;
  return files === undefined || files.length === 0 || deletedAt !== null ? null : <FileList files={files} />;
}

/** Pictures in the size that they will have, so that nothing moves when they come, and everything else as cards. */
function FileList({ files }: { readonly files: readonly File[] }) {
  const [opened, setOpened] = useState<string>();
  const [broken, setBroken] = useState<ReadonlySet<string>>(new Set());
  const pictures = files.filter((file) => isPicture(file) && !broken.has(file.id));
  const others = files.filter((file) => !pictures.includes(file));
  return (
    <div className="attachments">
      {pictures.length > 0 && (
        <div className="pictures">
          {pictures.map((file) => {
            const { width, height } = fitted(file, pictures.length > 1);
            return (
              <button
                key={file.id}
                type="button"
                className="picture"
                aria-label={`Open the picture ${file.name}`}
                title={file.name}
                onClick={() => setOpened(file.id)}
              >
                <img
                  src={file.preview === null ? contentOf(file) : previewOf(file)}
                  alt=""
                  width={width}
                  height={height}
                  loading="lazy"
                  decoding="async"
                  onError={() => setBroken((before) => new Set(before).add(file.id))}
                />
              </button>
            );
          })}
        </div>
      )}
      {others.map((file) => (
        <FileCard key={file.id} file={file} />
      ))}
      {opened !== undefined && (
        <Suspense fallback={null}>
          <Lightbox
            files={pictures}
            opened={opened}
            onOpen={setOpened}
            onClose={() => setOpened(undefined)}
          />
        </Suspense>
      )}
    </div>
  );
}
