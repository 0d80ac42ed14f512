import { channelAccess, frameAccess } from '../access.ts';
import { closeCodes } from '../close-codes.ts';
import { clientFrameSchemas, type ClientFrameType } from '../frames/client-frames.ts';
import { serverFrameSchemas, type ServerFrameType } from '../frames/server-frames.ts';
import { closeProse } from './close-prose.ts';
import { clientFrameExamples, serverFrameExamples } from './example-frames.ts';
import { clientFrameProse, serverFrameProse } from './frame-prose.ts';
import { jsonSchemas, type JsonSchema } from './json-schema.ts';
import { code, generated, page, span, table } from './markdown.ts';
import { typeText } from './type-text.ts';

const actions = {
  retry: 'connect again, with backoff',
  move: 'connect again at once, to any node',
  'sign-in': 'get other credentials first',
  stop: 'nothing: it would happen again',
} as const;

/** The page on what goes over the WebSocket. */
export function framesMarkdown(): string {
  const sent = jsonSchemas(clientFrameSchemas, 'sent');
  const { event: _, ...plain } = serverFrameSchemas;
  const told = jsonSchemas(plain, 'received');
  const body = page([
    'The WebSocket is at `/api/v1/socket`. Every frame is one line of JSON; a text message carries one or several of them, with a line feed between. How a connection goes is told under [the protocol](../packages/hub-protocol.md#a-connection).',
    '## From clients',
    'Fields that are not listed are refused by their name. A frame with `ref` is answered by `ack` or `error` with the same `ref`.',
    ...Object.values(clientFrameExamples).map((example) => clientFrame(example, sent[example.type] ?? {})),
    '## From hubs',
    'Types and fields that are not listed are of a later version: ignore them.',
    ...Object.values(serverFrameExamples).map((example) => serverFrame(example, told[example.type])),
    '## Close codes',
    closings(),
  ]);
  return generated('Hub frames', body);
}

function clientFrame(example: { type: ClientFrameType }, schema: JsonSchema): string {
  const { type } = example;
  const { scope, channel } = frameAccess[type];
  const asks = [
    scope !== null && `the scope ${span(scope)}`,
    channel !== undefined && `in the channel: ${channelAccess[channel]}`,
  ].filter((text) => text !== false);
  return page([
    `### ${span(type)}`,
    clientFrameProse[type],
    asks.length > 0 ? `Asks for ${asks.join('; ')}.` : undefined,
    code('ts', typeText(schema)),
    code('json', JSON.stringify(example)),
  ]).trim();
}

function serverFrame(example: { type: ServerFrameType }, schema: JsonSchema | undefined): string {
  const { type } = example;
  return page([
    `### ${span(type)}`,
    serverFrameProse[type],
    schema
      ? code('ts', typeText(schema))
      : 'It is the [envelope](./hub-events.md#the-envelope) with a `type` beside it.',
    code('json', JSON.stringify(example)),
  ]).trim();
}

function closings(): string {
  const rows = Object.entries(closeProse).flatMap(([reason, when]) =>
    isReason(reason) ? [[String(closeCodes[reason].code), when, actions[closeCodes[reason].client]]] : [],
  );
  return table(['code', 'when', 'what a client does'], rows);
}

function isReason(reason: string): reason is keyof typeof closeCodes {
  return Object.hasOwn(closeCodes, reason);
}
