import type { User } from '@parley/hub-protocol';
import type { Told } from '../parts/secret-dialog.tsx';
import { momentOf } from '../../preferences/times.ts';

/** How somebody comes in, told once. The code stands behind the `#`: no server and no log ever sees it. */
export function setupTold(
  user: Pick<User, 'displayName' | 'kind'>,
  { code, expiresAt }: { readonly code: string; readonly expiresAt: number },
): Told {
  const until = momentOf(expiresAt);
  if (user.kind === 'agent')
    return {
      title: `Let ${user.displayName} come in`,
      about: `The program of the agent fetches its token with this code. It works once, until ${until}, and is not shown again.`,
      secrets: [
        { label: 'Set-up code', text: code },
        { label: 'Command', text: `parley login --url ${location.origin} --code ${code}` },
      ],
    };
  return {
    title: `Let ${user.displayName} come in`,
    about: `Give them this link by a way that you trust: whoever opens it first chooses the password. It works once, until ${until}, and is not shown again.`,
    secrets: [
      { label: 'Link', text: `${location.origin}/#setup=${code}` },
      { label: 'Set-up code', text: code },
    ],
  };
}
