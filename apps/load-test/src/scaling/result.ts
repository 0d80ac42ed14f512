import { readFile } from 'node:fs/promises';
import { UsageError } from '../command/arguments.ts';

/** Of its file. */
export const scalingName = 'scaling';
/** Changes when files of before cannot be read any more. */
export const scalingFormat = 1;

export interface ScalingPoint {
  /** So many nodes, members, channels or connections. */
  readonly x: number;
  readonly agents: number;
  readonly rate: number;
  readonly seconds: number;
  readonly ground: string;
  readonly nodes: number;
  readonly metrics: Readonly<Record<string, number>>;
  readonly warnings: readonly string[];
}

export interface ScalingSeries {
  readonly name: string;
  readonly points: readonly ScalingPoint[];
}

export interface ScalingResult {
  readonly format: typeof scalingFormat;
  readonly began: string;
  readonly machine: string;
  readonly series: readonly ScalingSeries[];
}

export async function readScaling(file: URL): Promise<ScalingResult> {
  const value: unknown = JSON.parse(await readFile(file, 'utf8'));
  if (Reflect.get(Object(value), 'format') !== scalingFormat)
    throw new UsageError(`${file.pathname} is no result of scaling`);
  // Whatever says that it is of this format was written by this program.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return value as ScalingResult;
}
