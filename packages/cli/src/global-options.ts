import type { Options } from './command.ts';

/** What every command takes. */
export const globalOptions = {
  url: {
    type: 'text',
    value: 'URL',
    summary: 'The hub. Otherwise PARLEY_URL, the hub of the last login, or http://127.0.0.1:7788',
  },
  token: {
    type: 'text',
    value: 'TOKEN',
    summary:
      'Who you are, instead of the login. Others on this machine see it in the list of processes: prefer PARLEY_TOKEN or --token-file',
  },
  'token-file': {
    type: 'text',
    value: 'FILE',
    summary: 'Reads the token from a file, or from standard input when it is -',
  },
  json: {
    type: 'flag',
    summary: 'One JSON document on standard output, or one on each line where there is a stream',
  },
  help: { type: 'flag', short: 'h', summary: 'Tells about the command' },
} as const satisfies Options;

export interface Globals {
  readonly url?: string;
  readonly token?: string;
  readonly 'token-file'?: string;
  readonly json?: boolean;
}
