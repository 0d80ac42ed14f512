import { frameAccess, limits, parseClientFrame, parseClientFrames, version } from '@parley/hub-protocol';
import { clientFrameExamples } from '@parley/hub-protocol/openapi';
import { describe, expect, it } from 'vitest';
import { channelId, messageId, nested, refusal } from '../support.ts';

const examples = Object.values(clientFrameExamples);
const send = { ...clientFrameExamples.send };
const frame = (value: unknown): unknown => parseClientFrame(JSON.stringify(value));
const refused = (value: unknown) => refusal(() => frame(value));

describe.each(examples.map((example) => [example.type, example] as const))(
  'the frame %s',
  (type, example) => {
    it('goes over the wire and comes back', () => {
      expect(frame(example)).toEqual(example);
    });

    it('has no field that nobody knows', () => {
      expect(refused({ ...example, evil: 1 })).toMatchObject({ code: 'INVALID', field: 'evil' });
      expect(refused({ ...example, constructor: 1 })).toMatchObject({
        code: 'INVALID',
        field: 'constructor',
      });
    });

    it('has no key that changes a prototype', () => {
      const text = JSON.stringify(example).replace(/^\{/, '{"__proto__":{"admin":true},');
      expect(refusal(() => parseClientFrame(text))).toMatchObject({ code: 'INVALID', field: '__proto__' });
    });

    it('has no field of another type', () => {
      for (const field of Object.keys(example).filter((name) => name !== 'type')) {
        const { code, field: named = '' } = refused({ ...example, [field]: [[7]] });
        expect(code).toBe('INVALID');
        expect(named.startsWith(field)).toBe(true);
      }
    });

    it('has no field that only looks as if it had a length', () => {
      for (const field of Object.keys(example)) {
        const length = { valueOf: false, toString: false };
        expect(refused({ ...example, [field]: { length } }).code).toBe('INVALID');
      }
    });

    it('asks something of its sender', () => {
      expect(frameAccess[type]).toBeDefined();
    });
  },
);

describe('the first frame', () => {
  it('may name its channels, or be content with those that the user is in', () => {
    expect(frame({ type: 'hello', version, subscribe: [channelId] })).toMatchObject({
      subscribe: [channelId],
    });
    expect(refused({ type: 'hello', version, subscribe: 'all' })).toMatchObject({ field: 'subscribe' });
    expect(refused({ type: 'hello', version, subscribe: [channelId, 7] })).toMatchObject({
      field: 'subscribe[1]',
    });
  });

  it('of another version is told so, whatever else it says', () => {
    expect(refused({ type: 'hello', version: 2, greeting: 'later' })).toMatchObject({
      code: 'UNSUPPORTED_VERSION',
      field: 'version',
    });
    expect(refused({ type: 'hello', version: '1', subscribe: 'joined' })).toMatchObject({ code: 'INVALID' });
  });

  it('has positions of channels only, in whole numbers from 0 on', () => {
    const hello = (positions: unknown) => ({ type: 'hello', version, subscribe: 'joined', positions });
    expect(frame(hello({ [channelId]: 0 }))).toMatchObject({ positions: { [channelId]: 0 } });
    expect(refused(hello({ general: 3 })).field).toBe('positions.general');
    for (const seq of [-1, 1.5, '3', null, 2 ** 60])
      expect(refused(hello({ [channelId]: seq })).field).toBe(`positions["${channelId}"]`);
  });
});

describe('a message that is sent', () => {
  it('says something, unless it is to be streamed', () => {
    expect(refused({ ...send, content: ' \n\t' })).toMatchObject({ field: 'content' });
    expect(frame({ ...send, content: '', streaming: 'open' })).toMatchObject({ content: '' });
    expect(refused({ ...send, content: '', streaming: 'done' })).toMatchObject({ field: 'streaming' });
  });

  it('cannot pass for one of the hub', () => {
    expect(frame({ ...send, kind: 'thought' })).toMatchObject({ kind: 'thought' });
    expect(refused({ ...send, kind: 'system' })).toMatchObject({
      field: 'kind',
      message: 'kind must be one of "message", "thought", "action"',
    });
    expect(refused({ ...send, senderId: messageId })).toMatchObject({ field: 'senderId' });
  });

  it('has text that can be stored', () => {
    expect(refused({ ...send, content: 'a\0b' }).message).toBe('content must be without NUL characters');
    expect(
      refusal(() => parseClientFrame(JSON.stringify(send).replace('Hello', String.raw`\ud83d`))).message,
    ).toBe('content must be well-formed Unicode');
  });

  it('may carry details, which no key of a prototype gets into', () => {
    expect(frame({ ...send, data: { tool: 'search', constructor: 'kept' } })).toMatchObject({
      data: { tool: 'search', constructor: 'kept' },
    });
    const evil = JSON.stringify({ ...send, data: { a: 1 } }).replace(
      '"a":1',
      '"deep":{"__proto__":{"admin":1}}',
    );
    expect(refusal(() => parseClientFrame(evil)).field).toBe('data.deep.__proto__');
  });
});

describe('an error', () => {
  it('does not repeat what was sent, which may be a secret', () => {
    const secret = 'pat_123456789'.repeat(30);
    const error = refused({ type: 'hello', version, subscribe: 'joined', token: secret });
    expect(error).toMatchObject({ field: 'token', message: 'token must have at most 256 characters' });
    expect(JSON.stringify(error)).not.toContain('pat_');
  });

  it('comes with the ref of its frame, where that can be read', () => {
    const [result] = parseClientFrames(JSON.stringify({ ...send, content: 7 }));
    expect(result).toMatchObject({ ref: send.ref, error: { field: 'content' } });
    const [without] = parseClientFrames(JSON.stringify({ ...send, ref: 'x'.repeat(65) }));
    expect(without).toMatchObject({ ref: undefined, error: { field: 'ref' } });
  });
});

describe('a message of the WebSocket', () => {
  it('carries several frames, of which a bad one keeps nothing from the others', () => {
    const text = ['{"type":"ping"}', '{"type":"ping",}', '{"type":"jump","ref":"a"}', '{"type":"ping"}'].join(
      '\n',
    );
    expect(parseClientFrames(text)).toEqual([
      { frame: { type: 'ping' } },
      { error: expect.objectContaining({ code: 'MALFORMED' }), ref: undefined },
      { error: expect.objectContaining({ code: 'UNKNOWN_TYPE', field: 'type' }), ref: 'a' },
      { frame: { type: 'ping' } },
    ]);
  });

  it('may end with a line feed', () => {
    expect(parseClientFrames('{"type":"ping"}\n')).toEqual([{ frame: { type: 'ping' } }]);
  });

  it.each([
    '',
    ' ',
    '7',
    'null',
    '"x"',
    '[]',
    '[{"type":"ping"}]',
    '{',
    'undefined',
    '\uFEFF{"type":"ping"}',
  ])('is malformed when it is %j', (text) => {
    expect(parseClientFrames(text)).toEqual([
      { error: expect.objectContaining({ code: 'MALFORMED', status: 400 }), ref: undefined },
    ]);
  });

  it.each(['{}', '{"type":7}', '{"type":null}'])('is invalid without a type: %s', (text) => {
    expect(refusal(() => parseClientFrame(text))).toMatchObject({ code: 'INVALID', field: 'type' });
  });

  it.each(['toString', '__proto__', 'constructor', 'hasOwnProperty'])(
    'does not take a type from a prototype: %s',
    (type) => {
      expect(refused({ type }).code).toBe('UNKNOWN_TYPE');
    },
  );

  it('is refused when it is nested too deeply, however deep', () => {
    expect(refused({ ...send, data: nested(limits.dataDepth + 1) })).toMatchObject({ field: 'data' });
    const deep = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`;
    expect(refusal(() => parseClientFrame(`{"type":"ping","a":${deep}}`)).message).toContain(
      'nested at most 20',
    );
  });

  it('is refused when it is too large or has too many frames', () => {
    expect(parseClientFrames('x'.repeat(limits.frameBytes + 1))).toMatchObject([
      { error: { code: 'TOO_LARGE' } },
    ]);
    const pings = (count: number) => parseClientFrames(Array(count).fill('{"type":"ping"}').join('\n'));
    expect(pings(limits.framesPerMessage)).toHaveLength(limits.framesPerMessage);
    expect(pings(limits.framesPerMessage + 1)).toMatchObject([{ error: { code: 'TOO_LARGE' } }]);
    expect(refusal(() => parseClientFrame('x'.repeat(limits.frameBytes + 1))).code).toBe('TOO_LARGE');
  });
});
