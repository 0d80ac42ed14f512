import type { File } from '@parley/hub-protocol';
import { Archive, Download, FileAudio, FileImage, FileText, FileVideo, File as FileIcon } from 'lucide-react';
import { sizeText } from '../composer/file-name.ts';
import { contentOf } from './file-places.ts';

const icons: ReadonlyArray<readonly [form: RegExp, icon: typeof FileIcon]> = [
  [/^image\//u, FileImage],
  [/^audio\//u, FileAudio],
  [/^video\//u, FileVideo],
  [/^text\/|pdf$/u, FileText],
  [/zip|gzip|7z|bzip2|xz|zstd/u, Archive],
];

/** A file that is kept and not shown. */
export function FileCard({ file }: { readonly file: File }) {
  const Icon = icons.find(([form]) => form.test(file.type))?.[1] ?? FileIcon;
  return (
    <a className="file-card" href={contentOf(file)} download={file.name}>
      <span className="file-icon">
        <Icon aria-hidden size={20} />
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
