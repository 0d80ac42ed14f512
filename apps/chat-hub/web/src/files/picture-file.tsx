import type { File } from '@parley/hub-protocol';
import { Trash2 } from 'lucide-react';
import { IconButton } from '../ui/icon-button.tsx';

export interface FileProps {
  readonly file: File;
  /** Without it, one may not. */
  readonly onRemove: (() => void) | undefined;
}

export function PictureFile({ file, onRemove }: FileProps) {
  const address = `/api/v1/files/${file.id}`;
  return (
    <li className="picture-file">
      <a href={`${address}/content`} target="_blank" rel="noreferrer" title={file.name}>
        <img src={`${address}/preview`} alt={file.name} loading="lazy" />
      </a>
      {onRemove && <IconButton label={`Delete ${file.name}`} icon={Trash2} onClick={onRemove} />}
    </li>
  );
}
