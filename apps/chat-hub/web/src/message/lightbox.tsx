import { Dialog } from '@base-ui/react/dialog';
import type { File } from '@parley/hub-protocol';
import { ChevronLeft, ChevronRight, Download, X } from 'lucide-react';
import { useState } from 'react';
import { sizeText } from '../composer/file-size.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { contentOf } from './file-places.ts';
import './lightbox.css';

export interface LightboxProps {
  readonly files: readonly File[];
  /** The id of the one that is shown. */
  readonly opened: string;
  readonly onOpen: (id: string) => void;
  readonly onClose: () => void;
}

/** A picture alone on the screen. The arrows lead to the others of its message, Escape back. */
export function Lightbox({ files, opened, onOpen, onClose }: LightboxProps) {
  const at = Math.max(
    0,
    files.findIndex(({ id }) => id === opened),
  );
  const file = files[at];
  const step = (by: number): void => {
    const next = files[at + by];
    if (next !== undefined) onOpen(next.id);
  };
  if (file === undefined) return null;
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="lightbox-back" />
        <Dialog.Popup
          className="lightbox"
          onKeyDown={(event) => {
            const rtl = document.documentElement.dir === 'rtl' ? -1 : 1;
            if (event.key === 'ArrowRight') step(rtl);
            if (event.key === 'ArrowLeft') step(-rtl);
          }}
        >
          <header className="lightbox-head">
            <Dialog.Title className="lightbox-title" dir="auto">
              {file.name}
            </Dialog.Title>
            <p>
              {file.image !== null && `${file.image.width} × ${file.image.height} · `}
              {sizeText(file.size)}
              {files.length > 1 && ` · ${at + 1} of ${files.length}`}
            </p>
            <a
              className="icon-button"
              href={contentOf(file)}
              download={file.name}
              aria-label={`Download ${file.name}`}
              title="Download"
            >
              <Download aria-hidden size={18} />
            </a>
            <Dialog.Close className="icon-button" aria-label="Close" title="Close">
              <X aria-hidden size={18} />
            </Dialog.Close>
          </header>
          <Picture key={file.id} file={file} onClose={onClose} />
          {at > 0 && (
            <IconButton
              className="lightbox-step"
              data-way="back"
              label="Picture before"
              icon={ChevronLeft}
              onClick={() => step(-1)}
            />
          )}
          {at < files.length - 1 && (
            <IconButton
              className="lightbox-step"
              data-way="on"
              label="Next picture"
              icon={ChevronRight}
              onClick={() => step(1)}
            />
          )}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Picture({ file, onClose }: { readonly file: File; readonly onClose: () => void }) {
  const [state, setState] = useState<'loading' | 'here' | 'failed'>('loading');
  return (
    // Beside the picture is where most people press to go back; keys have Escape and the button.
    <div className="lightbox-stage" onClick={(event) => event.target === event.currentTarget && onClose()}>
      {state === 'failed' ? (
        <p role="alert">The picture cannot be shown. It may have been deleted, or you have no connection.</p>
      ) : (
        <img
          src={contentOf(file)}
          alt={file.name}
          width={file.image?.width}
          height={file.image?.height}
          aria-busy={state === 'loading'}
          onLoad={() => setState('here')}
          onError={() => setState('failed')}
        />
      )}
    </div>
  );
}
