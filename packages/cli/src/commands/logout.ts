import { callHub } from '@parley/hub-client';
import { isHubError } from '@parley/hub-protocol';
import { defineCommand } from '../command.ts';
import { credentialsFile, readCredentials, writeCredentials } from '../credentials.ts';
import { exitCodes } from '../exit-codes.ts';
import { urlText } from '../hub-url.ts';

export const logout = defineCommand({
  path: ['logout'],
  summary: 'Signs out: revokes the token of this login and forgets it',
  about: [
    'A token that was brought along to parley login is forgotten and stays valid: it may be in use elsewhere.',
  ],
  args: [],
  options: {},
  examples: [
    { line: 'parley logout', says: 'From the hub of the last login' },
    { line: 'parley logout --url https://hub.example', says: 'From another one' },
  ],
  async run({ world, out, url: where }) {
    const url = await where();
    const at = urlText(url);
    const file = credentialsFile(world.env);
    const kept = await readCredentials(file);
    const login = kept.hubs.get(at);
    if (login === undefined) {
      await out.result({ url: at, signedOut: false, revoked: false }, `Nobody was signed in to ${at}`);
      return undefined;
    }
    const hubs = new Map(kept.hubs);
    hubs.delete(at);
    // Another hub becomes the one that is meant only when somebody says so.
    await writeCredentials(file, { current: kept.current === at ? undefined : kept.current, hubs });
    const { token, tokenId, handle } = login;
    const revoked = tokenId !== null && (await revoke({ url, token, fetch: world.fetch }, tokenId));
    await out.result(
      { url: at, signedOut: true, revoked },
      `Signed out from ${at}, where you were ${handle}`,
    );
    if (revoked || tokenId === null) return undefined;
    out.say(`The hub could not be told: the token is valid still. Later: parley token revoke ${tokenId}`);
    return exitCodes.unreachable;
  },
});

async function revoke(options: Parameters<typeof callHub>[0], tokenId: string): Promise<boolean> {
  try {
    await callHub(options)('revokeToken', { params: { tokenId } });
    return true;
  } catch (error) {
    // Revoked or ended before: there is nothing left to end.
    return isHubError(error) && [401, 404].includes(error.status);
  }
}
