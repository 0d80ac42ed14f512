import type { S3Options } from './blobs/s3-blobs.ts';

/** Where bytes are kept. */
export type FilePlace =
  | { readonly kind: 'folder'; readonly path: string }
  | ({ readonly kind: 's3' } & S3Options);

export interface FileConfig {
  /** Undefined: this hub keeps no files. */
  readonly place: FilePlace | undefined;
  /** Bytes that one file may have. */
  readonly largest: number;
  /** Bytes that all files of one user may have. */
  readonly perUser: number;
  /** Bytes that all files may have. */
  readonly workspace: number;
}

const MiB = 1_048_576;
const GiB = 1_073_741_824;

export const standardFileBounds = { largest: 100 * MiB, perUser: GiB, workspace: 20 * GiB } as const;

const units: Readonly<Record<string, number>> = { '': 1, k: 1_024, m: MiB, g: GiB, t: 1_024 * GiB };

/** `500 MB`, `2GiB`, `1048576`: a unit is 1,024 of the one below it. Undefined: it is none. */
export function readBytes(text: string): number | undefined {
  const [, digits, unit = ''] = /^(\d{1,15})\s*(?:([kmgt])i?)?b?$/i.exec(text) ?? [];
  const bytes = Number(digits) * (units[unit.toLowerCase()] ?? Number.NaN);
  return Number.isSafeInteger(bytes) && bytes > 0 ? bytes : undefined;
}

/** `s3://bucket/prefix`. Undefined: it is none. */
export function readBucket(text: string): Pick<S3Options, 'bucket' | 'prefix'> | undefined {
  const [, bucket, prefix = ''] =
    /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/([\w.-]+(?:\/[\w.-]+)*)?\/?)?$/.exec(text) ?? [];
  if (bucket === undefined || prefix.split('/').some((part) => /^\.{1,2}$/.test(part))) return undefined;
  return { bucket, prefix: prefix === '' ? '' : `${prefix}/` };
}
