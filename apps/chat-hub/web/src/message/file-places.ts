import type { File } from '@parley/hub-protocol';

export const contentOf = ({ id }: Pick<File, 'id'>): string => `/api/v1/files/${id}/content`;
export const previewOf = ({ id }: Pick<File, 'id'>): string => `/api/v1/files/${id}/preview`;

/** What a browser draws and never runs: the hub found it in the bytes, whatever the file is called. */
const drawn = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif']);

const isDrawn = ({ type }: Pick<File, 'type'>): boolean => drawn.has(type);

/** Whether a file is shown as a picture: a small one there is, or it is small itself. */
export const isPicture = (file: File): boolean =>
  isDrawn(file) && (file.preview !== null || (file.image !== null && file.size <= 200_000));

/** The size in which a picture stands in the timeline, known before it is there. */
export function fitted(
  { image, preview }: Pick<File, 'image' | 'preview'>,
  isOneOfMany: boolean,
): { readonly width: number; readonly height: number } {
  const { width, height } = image ?? preview ?? { width: 4, height: 3 };
  const [mostWide, mostHigh] = isOneOfMany ? [240, 180] : [400, 300];
  const scale = Math.min(1, mostWide / width, mostHigh / height);
  // What is long and thin stays large enough to be met.
  return { width: Math.max(24, Math.round(width * scale)), height: Math.max(24, Math.round(height * scale)) };
}
