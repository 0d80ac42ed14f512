import { openApi } from '@parley/hub-protocol/openapi';
import { routeList } from '@parley/hub-protocol/rest';
import { expect, it } from 'vitest';

const document = openApi({ version: '1.2.3', server: 'https://hub.example.org' });
const text = JSON.stringify(document);

it('the document is OpenAPI 3.1 and survives JSON', () => {
  expect(document).toMatchObject({
    openapi: '3.1.0',
    info: { version: '1.2.3' },
    servers: [{ url: 'https://hub.example.org' }],
  });
  expect(JSON.parse(text)).toEqual(document);
});

it('every route is in it, by its name', () => {
  const operations = [...text.matchAll(/"operationId":"(\w+)"/g)].map(([, name]) => name);
  expect(new Set(operations)).toEqual(new Set(routeList.map(({ name }) => name)));
  expect(operations).toHaveLength(routeList.length);
  expect(document.paths).toHaveProperty(
    ['/api/v1/channels/{channelId}/messages', 'post', 'operationId'],
    'sendMessage',
  );
});

it('every reference leads somewhere', () => {
  const targets = new Set([...text.matchAll(/"\$ref":"([^"]*)"/g)].map(([, target]) => target));
  expect(targets.size).toBeGreaterThan(20);
  for (const target of targets) {
    const name = target?.replace('#/components/schemas/', '') ?? '';
    expect(Object.keys(document.components.schemas)).toContain(name);
  }
});

it('what is sent is closed, what is received may grow', () => {
  expect(document.components.schemas['sendMessageBody']).toMatchObject({
    additionalProperties: false,
    required: ['clientId', 'content'],
    properties: { content: { type: 'string', maxLength: 16_000 } },
  });
  expect(document.components.schemas['User']).not.toHaveProperty('additionalProperties');
  expect(document.components.schemas['User']?.properties).toMatchObject({
    kind: { enum: ['person', 'agent'], description: 'A later version may send other words.' },
  });
});

it('the log answers events, each by its type', () => {
  expect(document.components.schemas['readLogReply']).toMatchObject({
    properties: { items: { items: { properties: { event: { $ref: '#/components/schemas/Event' } } } } },
  });
  expect(text).toContain('"ChannelMessageEditEvent"');
  expect(text).toContain('"CollaborationEvent"');
});

it('a query has numbers and flags, and says what may be left out', () => {
  expect(document.paths).toHaveProperty(
    ['/api/v1/users', 'get', 'parameters'],
    expect.arrayContaining([
      { name: 'limit', in: 'query', required: false, schema: { type: 'integer', minimum: 1, maximum: 200 } },
      { name: 'deactivated', in: 'query', required: false, schema: { type: 'boolean' } },
    ]),
  );
  expect(document.paths).toHaveProperty(
    ['/api/v1/users/{userId}', 'get', 'parameters'],
    [{ name: 'userId', in: 'path', required: true, schema: { $ref: '#/components/schemas/Id' } }],
  );
});

it('who may is said: by token or session, with which scope', () => {
  expect(document.paths['/api/v1/session']).toMatchObject({
    post: { security: [] },
    get: { security: [{ token: [] }, { session: [] }] },
    delete: { security: [{ session: [] }] },
  });
  expect(document.paths['/api/v1/channels']).toMatchObject({ post: { 'x-scope': 'manage' } });
});

it('no schema is left that says nothing', () => {
  for (const [name, schema] of Object.entries(document.components.schemas))
    expect([name, Object.keys(schema).length]).not.toEqual([name, 0]);
});
