// #region upload
import { randomUUID } from 'node:crypto';
import { callHub, type CallOptions } from '@parley/hub-client';
import { downloadFile, uploadFile } from '@parley/hub-client/files';

async function sendReport(options: CallOptions, channelId: string, source: Blob): Promise<string> {
  const file = await uploadFile({ ...options, channelId, name: 'report.txt', source });
  await callHub(options)('sendMessage', {
    params: { channelId },
    body: { clientId: randomUUID(), content: 'The report', files: [file.id] },
  });
  return file.id;
}

async function readReport(options: CallOptions, fileId: string): Promise<string> {
  const response = await downloadFile({ ...options, fileId });
  return response.text();
}
// #endregion upload

import { expect, it } from 'vitest';
import { ada, at, general, idOf, messageOf } from '../support/values.ts';

it('a report is sent and read', async () => {
  const asked: string[] = [];
  const file = {
    id: idOf(70),
    channelId: general,
    userId: ada,
    name: 'report.txt',
    size: 5,
    received: 0,
    state: 'uploading',
    type: 'text/plain',
    sha256: null,
    image: null,
    preview: null,
    createdAt: at,
  };
  const options: CallOptions = {
    url: 'http://hub.test',
    token: 'secret',
    fetch: async (input, init) => {
      const request = new Request(input, init);
      const path = new URL(request.url).pathname.replace(/^.*?(?=files|messages)/, '');
      asked.push(`${request.method} ${path.replace(idOf(70), 'id')}`);
      if (path.endsWith('content')) return new Response('hello');
      if (!path.startsWith('messages')) return Response.json(file);
      const sent = messageOf({ id: idOf(80), channelId: general, seq: 1, content: 'The report' });
      return Response.json({ message: { ...sent, files: [file] }, seq: 1 });
    },
  };
  expect(await readReport(options, await sendReport(options, general, new Blob(['hello'])))).toBe('hello');
  expect(asked).toEqual([
    'POST files',
    'PUT files/id/parts/0',
    'POST files/id/finish',
    'POST messages',
    'GET files/id/content',
  ]);
});
