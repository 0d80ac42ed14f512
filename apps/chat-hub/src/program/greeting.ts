import { resolve } from 'node:path';
import type { Selection } from '@parley/cache-core';
import { setupMinutes, type SetupCode } from '../access/setup-codes.ts';

export interface Place {
  /** What the workspace is called. */
  readonly name: string;
  /** Where browsers find it, without the last slash. */
  readonly url: string;
}

export interface Keeping {
  readonly database: Pick<Selection, 'adapter'>;
  /** Of the embedded Postgres; undefined: it keeps nothing. */
  readonly folder: string | undefined;
  /** Whether scripted agents live there. @default false */
  readonly demo?: boolean;
}

/** That nobody takes it for a workspace of theirs. */
const demoLine = 'This is a demo: twelve agents live here, and all of them follow a script.';

/** Programs wait for this line. */
export function readyLine({ name, url }: Place): string {
  return `${name} is ready: ${url}/`;
}

/** How somebody becomes the owner. Programs find the code in it. */
export function setupLine({ url }: Place, { code }: SetupCode): string {
  return `Nobody owns it yet. Open ${url}/#setup=${code} within ${setupMinutes} minutes, or type the code ${code} there.`;
}

/** What a new user needs, and nothing else. */
export function greeting(place: Place, setup: SetupCode | undefined, keeping: Keeping): string[] {
  const first =
    setup === undefined
      ? []
      : [setupLine(place, setup), 'When the code has run out, open the page: a new one is shown here.', ''];
  return [
    readyLine(place),
    ...(keeping.demo === true ? [demoLine] : []),
    '',
    ...first,
    `${keptLine(keeping)} Ctrl+C ends the hub.`,
  ];
}

function keptLine({ database, folder }: Keeping): string {
  if (database.adapter === 'postgres') return 'Everything is kept in the Postgres of DATABASE_URL.';
  if (folder === undefined) return 'Nothing is kept: all of it is gone when the hub ends.';
  return `Everything is kept in ${resolve(folder)}.`;
}
