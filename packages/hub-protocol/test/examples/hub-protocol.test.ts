import {
  checkSent,
  effectiveScopes,
  parseClientFrames,
  parseServerFrames,
  toProblem,
  type Role,
} from '@parley/hub-protocol';
import { serverFrameExamples } from '@parley/hub-protocol/openapi';
import { isJson, calls, restPrefix, routeList, routePath, searchOf } from '@parley/hub-protocol/rest';
import { expect, it } from 'vitest';

it('a client reads what the hub sends', () => {
  const applied = new Map<string, number>();
  const text = JSON.stringify(serverFrameExamples.event);
  const said: string[] = [];
  // #region client
  for (const frame of parseServerFrames(text)) {
    if (frame.type !== 'event') continue;
    const { event, channelId, seq } = frame;
    // What is not known here has a number all the same.
    if (channelId !== null && seq !== undefined) applied.set(channelId, seq);
    if (event.type === 'channel.reaction.add') said.push(`${event.emoji} on ${event.messageId}`);
  }
  // #endregion client
  expect([...applied.values()]).toEqual([18]);
  expect(said).toHaveLength(1);
});

it('a hub reads what clients send', () => {
  const answers: string[] = [];
  const text = '{"type":"ping"}\n{"type":"react","ref":"7","emoji":"👍"}';
  // #region hub
  for (const result of parseClientFrames(text)) {
    if ('frame' in result) {
      if (result.frame.type === 'ping') answers.push('{"type":"pong"}');
    } else {
      const { error, ref } = result;
      answers.push(JSON.stringify({ type: 'error', ref, error: toProblem(error) }));
    }
  }
  // #endregion hub
  expect(answers[0]).toBe('{"type":"pong"}');
  expect(JSON.parse(answers[1] ?? '')).toMatchObject({
    ref: '7',
    error: { code: 'INVALID', status: 422, detail: 'channelId must be a string' },
  });
});

it('routes are registered from the table', () => {
  // #region routes
  const handlers = new Map<string, (caller: { role: Role }, sent: unknown) => unknown>();
  for (const { name, method, path, scope, body } of routeList)
    handlers.set(`${method} ${restPrefix}${path}`, (caller, sent) => {
      if (scope !== null && !effectiveScopes(caller.role).includes(scope)) return 'SCOPE_MISSING';
      return { name, body: isJson(body) ? checkSent(body, sent) : sent };
    });
  // #endregion routes
  const read = handlers.get('PUT /api/v1/channels/{channelId}/read');
  expect(read?.({ role: 'observer' }, { seq: 17 })).toEqual({ name: 'markRead', body: { seq: 17 } });
  const send = handlers.get('POST /api/v1/channels/{channelId}/messages');
  expect(send?.({ role: 'observer' }, {})).toBe('SCOPE_MISSING');
});

it('calls are typed by the table', () => {
  // #region calls
  const channelId = '018dcd8a-0b80-7c4e-9a51-0f4f0f1c1a01';
  const address = routePath(calls.listMessages, { channelId }) + searchOf({ before: 17, limit: 50 });
  // #endregion calls
  expect(address).toBe(`/api/v1/channels/${channelId}/messages?before=17&limit=50`);
});
