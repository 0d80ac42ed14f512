/** What is told of bytes that are of no known kind. */
const unknownType = 'application/octet-stream';

/** So many bytes of the beginning are enough to tell. */
export const sniffBytes = 4_096;

type Sign = readonly [type: string, at: number, bytes: string];

/** What files of a kind begin with, as Latin-1. None of these is run, or shown as a page, by a browser. */
const signs: readonly Sign[] = [
  ['image/png', 0, '\x89PNG\r\n\x1a\n'],
  ['image/jpeg', 0, '\xff\xd8\xff'],
  ['image/gif', 0, 'GIF87a'],
  ['image/gif', 0, 'GIF89a'],
  ['image/avif', 4, 'ftypavif'],
  ['audio/mp4', 4, 'ftypM4A '],
  ['video/quicktime', 4, 'ftypqt  '],
  ['video/mp4', 4, 'ftyp'],
  ['audio/mpeg', 0, 'ID3'],
  ['audio/flac', 0, 'fLaC'],
  ['audio/ogg', 28, '\x01vorbis'],
  ['audio/ogg', 28, 'OpusHead'],
  ['application/ogg', 0, 'OggS'],
  ['application/pdf', 0, '%PDF-'],
  ['application/zip', 0, 'PK\x03\x04'],
  ['application/zip', 0, 'PK\x05\x06'],
  ['application/gzip', 0, '\x1f\x8b'],
  ['application/x-7z-compressed', 0, '7z\xbc\xaf\x27\x1c'],
  ['application/x-bzip2', 0, 'BZh'],
  ['application/x-xz', 0, '\xfd7zXZ\x00'],
  ['application/zstd', 0, '\x28\xb5\x2f\xfd'],
];

const riffs: Readonly<Record<string, string>> = { WEBP: 'image/webp', WAVE: 'audio/wav' };

/** Of which kind bytes are, by how they begin and whatever they are called. */
export function sniff(head: Uint8Array): string {
  const text = Buffer.from(head.subarray(0, 64)).toString('latin1');
  const riff = text.startsWith('RIFF') ? riffs[text.slice(8, 12)] : undefined;
  if (riff !== undefined) return riff;
  if (text.startsWith('\x1a\x45\xdf\xa3')) return text.includes('webm') ? 'video/webm' : 'video/x-matroska';
  const known = signs.find(([, at, bytes]) => text.startsWith(bytes, at));
  if (known !== undefined) return known[0];
  return isText(head.subarray(0, sniffBytes)) ? 'text/plain' : unknownType;
}

/** Pages, scripts and drawings are text like any other. */
function isText(head: Uint8Array): boolean {
  try {
    // The last character may have been cut through.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    // Colours of a terminal are of text as well.
    return !/\p{Cc}/u.test(text.replaceAll(/\s/g, '').replaceAll('\u001b', ''));
  } catch {
    return false;
  }
}

const shown: ReadonlySet<string> = new Set([
  'image/png',
  'image/jpeg',
  'image/gif',
  'image/webp',
  'image/avif',
  'audio/mpeg',
  'audio/mp4',
  'audio/ogg',
  'audio/wav',
  'audio/flac',
  'video/mp4',
  'video/webm',
]);

/** Whether a browser may show files of this kind by itself. All others it keeps. */
export const isShown = (type: string): boolean => shown.has(type);

const pictures: ReadonlySet<string> = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);

/** Whether small pictures are made of files of this kind. */
export const isPicture = (type: string): boolean => pictures.has(type);
