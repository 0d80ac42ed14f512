import { ParleyError } from '@parley/cache-core/kernel';
import { expect, test } from 'vitest';
import { requireFree } from '../../src/program/free-address.ts';
import { sentenceOf } from '../../src/program/sentences.ts';

const error = (fields: object): Error => Object.assign(new Error('listen: as Node says it'), fields);

test.each<[what: string, error: unknown, sentence: RegExp]>([
  [
    'a port that is taken',
    error({ code: 'EADDRINUSE', port: 7788 }),
    /^Port 7788 is taken .* HUB_PORT=7789$/,
  ],
  ['the last port', error({ code: 'EADDRINUSE', port: 65_535 }), /HUB_PORT=65534$/],
  [
    'a port of others',
    error({ code: 'EACCES', syscall: 'listen', port: 80 }),
    /^Port 80 is not for this user/,
  ],
  ['a file of others', error({ code: 'EACCES', syscall: 'open' }), /^The hub cannot start: listen: as Node/],
  [
    'a name',
    error({ code: 'ENOTFOUND', hostname: 'hub.test' }),
    /^HUB_HOST \(hub\.test\) is a name that nobody/,
  ],
  [
    'a folder',
    new ParleyError('Folder /data is in use by process 7', { code: 'FOLDER_IN_USE' }),
    /^Folder \/data is in use by process 7\. Another hub runs on this folder: end it, or set HUB_DATA/,
  ],
  ['what nobody foresaw', error({}), /^Error: listen: as Node says it\n +at /],
  ['what is no error', 'gone', /^gone$/],
])('%s is told with what to do', (_, given, sentence) => {
  expect(sentenceOf(given)).toMatch(sentence);
});

test('an address that the machine does not have is told without opening anything', async () => {
  const refused = await requireFree({ host: '192.0.2.1', port: 7788 }).then(
    () => 'free',
    (reason: unknown) => sentenceOf(reason),
  );
  expect(refused).toMatch(/^HUB_HOST \(192\.0\.2\.1\) is no address of this machine/);
});
