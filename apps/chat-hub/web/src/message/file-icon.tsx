import { Archive, FileAudio, FileImage, FileText, FileVideo, File as FileIcon } from 'lucide-react';

const icons: ReadonlyArray<readonly [form: RegExp, icon: typeof FileIcon]> = [
  [/^image\//u, FileImage],
  [/^audio\//u, FileAudio],
  [/^video\//u, FileVideo],
  [/^text\/|pdf$/u, FileText],
  [/zip|gzip|7z|bzip2|xz|zstd/u, Archive],
];

/** What sort of file it is, for the eye. */
export function KindIcon({ type }: { readonly type: string }) {
  const Icon = icons.find(([form]) => form.test(type))?.[1] ?? FileIcon;
  return <Icon aria-hidden size={20} />;
}
