import type { File } from '@parley/hub-protocol';
import { Trash2 } from 'lucide-react';
import { previewOf } from '../message/file-places.ts';
import { IconButton } from '../ui/icon-button.tsx';

export interface FileProps {
  readonly file: File;
  /** Without it, one may not. */
  readonly onRemove: (() => void) | undefined;
}

export interface PictureFileProps extends FileProps {
  readonly onOpen: () => void;
}

export function PictureFile({ file, onRemove, onOpen }: PictureFileProps) {
  return (
    <li className="picture-file">
      <button
        type="button"
        className="picture-open"
        aria-label={`Open the picture ${file.name}`}
        title={file.name}
        onClick={onOpen}
      >
        <img src={previewOf(file)} alt="" loading="lazy" />
      </button>
      {onRemove && <IconButton label={`Delete ${file.name}`} icon={Trash2} onClick={onRemove} />}
    </li>
  );
}
