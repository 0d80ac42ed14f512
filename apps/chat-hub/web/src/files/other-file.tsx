import { Download, FileArchive, FileAudio, FileText, FileVideo, File as Plain, Trash2 } from 'lucide-react';
import { useUser } from '../hub/context.ts';
import { nameOf } from '../hub/names.ts';
import { useTimeFormat } from '../preferences/times.ts';
import { IconButton } from '../ui/icon-button.tsx';
import type { FileProps } from './picture-file.tsx';
import { sizeText } from './sizes.ts';

const icons = [
  [/^text\/|pdf|json|xml/u, FileText],
  [/^audio\//u, FileAudio],
  [/^video\//u, FileVideo],
  [/zip|tar|compressed/u, FileArchive],
] as const;

export function OtherFile({ file, onRemove }: FileProps) {
  const sender = useUser(file.userId);
  const moment = useTimeFormat('moment');
  const [, Icon] = icons.find(([type]) => type.test(file.type)) ?? [undefined, Plain];
  return (
    <li className="other-file">
      <Icon aria-hidden size={22} />
      <div>
        <b title={file.name} dir="auto">
          {file.name}
        </b>
        <span>
          {sizeText(file.size)} · <bdi>{nameOf(sender)}</bdi> · {moment.format(file.createdAt)}
        </span>
      </div>
      <a
        className="icon-button"
        href={`/api/v1/files/${file.id}/content`}
        download={file.name}
        aria-label={`Download ${file.name}`}
        title="Download"
      >
        <Download aria-hidden size={18} />
      </a>
      {onRemove && <IconButton label={`Delete ${file.name}`} icon={Trash2} onClick={onRemove} />}
    </li>
  );
}
