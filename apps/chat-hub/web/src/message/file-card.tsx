import type { File } from '@parley/hub-protocol';
import { Download } from 'lucide-react';
import { sizeText } from '../composer/file-size.ts';
import { later } from '../ui/later.tsx';
import { contentOf } from './file-places.ts';

/** It has its place from the beginning, and moves nothing when it comes. */
const KindIcon = later(() => import('./file-icon.tsx').then((part) => part.KindIcon));

/** A file that is kept and not shown. */
export function FileCard({ file }: { readonly file: File }) {
  return (
    <a className="file-card" href={contentOf(file)} download={file.name}>
      <span className="file-icon">
        <KindIcon type={file.type} />
      </span>
      <span className="file-main">
        <span className="quiet">Download </span>
        <b dir="auto" title={file.name}>
          {file.name}
        </b>
        <span>
          {kindText(file)} · {sizeText(file.size)}
        </span>
      </span>
      <Download aria-hidden size={18} className="file-download" />
    </a>
  );
}

/** As people call it: by the ending of its name. */
function kindText({ name, type }: File): string {
  const ending = /\.([\w]{1,8})$/u.exec(name)?.[1];
  if (ending !== undefined) return ending.toUpperCase();
  return type.startsWith('text/') ? 'Text' : 'File';
}
