import { createValue } from '../hub/value.ts';

/** What became of a command, for who typed it and nobody else. */
export interface CommandLine {
  readonly id: string;
  readonly channelId: string;
  readonly typed: string;
  readonly state: 'working' | 'answered' | 'failed' | 'expired';
  readonly answers: readonly string[];
  readonly error: string | undefined;
}

export const commandLines = createValue<readonly CommandLine[]>([]);
