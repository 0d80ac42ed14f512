import { envelopeShape, type Envelope } from '../events/event.ts';
import { received } from '../modes.ts';
import * as z from 'zod/mini';
import { eventInfo } from '../events/event-info.ts';
import { components, eventComponent, namedValues } from './components.ts';
import { eventExamples } from './example-events.ts';
import { eventProse } from './event-prose.ts';
import { jsonSchemas } from './json-schema.ts';
import { code, generated, page, span, table } from './markdown.ts';
import { typeText } from './type-text.ts';

const addresses = { channel: '`channel:{id}`', agent: '`agent:{id}`', global: '`global`' } as const;

/** The page on events, with an example of each, and on the values in them. */
export function eventsMarkdown(): string {
  const schemas = jsonSchemas(components(), 'received');
  const typeOf = (name: string): string => code('ts', typeText(schemas[name] ?? {}));
  const body = page([
    'Everything that happens in a hub is told as one of these events: in [frames](./hub-frames.md) over the WebSocket, and in the log that [`readLog`](./hub-rest.md#readlog) answers.',
    'An event of the kind **log** takes the next number of its channel’s log. It is kept, and whoever was away gets it later. A **moment** is for those who are connected now. An event is published to every address under **travels**.',
    summary(),
    '## The envelope',
    'Every event travels in it. `seq` and `epoch` are there when the event is kept; `senderId` is null when the hub itself speaks, `channelId` when the event is not of one channel. Clients ignore types and fields that they do not know, and take the number of the event all the same.',
    code('ts', typeText(jsonSchemas({ Outside: outside }, 'received')['Outside'] ?? {})),
    '## The events',
    ...eventExamples.map((example) =>
      page([
        `### ${span(example.event.type)}`,
        eventProse[example.event.type],
        typeOf(eventComponent(example.event.type)),
        json(example),
      ]).trim(),
    ),
    '## The values',
    ...Object.keys(namedValues)
      .filter((name) => schemas[name]?.type === 'object')
      .map((name) => page([`### ${span(name)}`, typeOf(name)]).trim()),
    'An `Id` is a UUID of version 7 in lower case, a `Seq` a whole number from 0 on, a `Time` milliseconds since 1970, an `Epoch` a text that is compared and never taken apart.',
  ]);
  return generated('Hub events', body);
}

const outside = received({ event: z.looseObject({ type: z.string() }), ...envelopeShape });

function summary(): string {
  const rows = eventExamples.map(({ event: { type } }) => {
    const { kept, travels } = eventInfo[type];
    return [
      `[${span(type)}](#${anchor(type)})`,
      kept,
      travels.map((kind) => addresses[kind]).join(', '),
      eventProse[type],
    ];
  });
  return table(['type', 'kind', 'travels', 'when'], rows);
}

/** As VitePress makes it from a heading. */
function anchor(type: string): string {
  return type.replaceAll('.', '-');
}

function json(example: Envelope): string {
  return code('json', JSON.stringify(example, null, 2));
}
