import {
  eventInfo,
  isKept,
  parseEnvelope,
  parseEvent,
  type Envelope,
  type EventType,
} from '@parley/hub-protocol';
import { eventExamples } from '@parley/hub-protocol/openapi';
import { describe, expect, it } from 'vitest';
import { refusal } from '../support.ts';

const byType = eventExamples.map((example) => [example.event.type, example] as const);
const exampleOf = (type: EventType): Envelope => {
  const found = eventExamples.find(({ event }) => event.type === type);
  if (!found) throw new Error(`no example of ${type}`);
  return found;
};
const wire = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('the types of events', () => {
  it('have all 17 of the documents', () => {
    const documented = [
      'channel.message channel.message.edit channel.message.delete channel.reaction.add channel.reaction.remove channel.typing',
      'channel.presence channel.member.join channel.member.leave channel.member.update channel.update channel.archive',
      'channel.delete thread.create thread.update thread.message collaboration.event',
    ].flatMap((types) => types.split(' '));
    expect(documented).toHaveLength(17);
    expect(Object.keys(eventInfo)).toEqual(expect.arrayContaining(documented));
  });

  it('have announcements and notices of the system, and custom ones', () => {
    expect(Object.keys(eventInfo)).toEqual(
      expect.arrayContaining(['system.announcement', 'system.notice', 'custom']),
    );
  });

  it('each have an example, and nothing else has', () => {
    expect(eventExamples.map(({ event }) => event.type).sort()).toEqual(Object.keys(eventInfo).sort());
  });

  it('are kept only when they are of one channel', () => {
    const kept = eventExamples.filter(({ event }) => isKept(event.type));
    expect(kept.filter(({ channelId }) => channelId === null)).toEqual([]);
  });

  it('are moments when nobody needs them later', () => {
    const moments = eventExamples.map(({ event }) => event.type).filter((type) => !isKept(type));
    expect(new Set(moments)).toEqual(
      new Set([
        'channel.message.append',
        'channel.typing',
        'channel.presence',
        'agent.update',
        'channel.read',
        'notifications.update',
        'user.update',
        'system.announcement',
        'system.notice',
        'command.call',
        'command.answer',
        'custom',
      ]),
    );
  });

  it('travel somewhere', () => {
    for (const { travels } of Object.values(eventInfo)) expect(travels.length).toBeGreaterThan(0);
  });
});

describe.each(byType)('%s', (type, example) => {
  it('goes over the wire and comes back', () => {
    expect(parseEvent(wire(example))).toEqual(example);
    expect(parseEnvelope(wire(example))).toEqual(example);
  });

  it('has a number exactly when it is kept', () => {
    expect(example.seq !== undefined).toBe(isKept(type));
    expect(example.epoch !== undefined).toBe(isKept(type));
  });

  it('is read without what a later version added', () => {
    const later = { ...example, region: 'eu', event: { ...example.event, poll: { options: 2 } } };
    expect(parseEvent(wire(later))).toEqual(example);
  });

  it('is refused when a field is missing, by the name of the field', () => {
    for (const field of Object.keys(example.event)) {
      const { [field]: _, ...event } = { ...example.event } as Record<string, unknown>;
      expect(refusal(() => parseEvent(wire({ ...example, event }))).field).toBe(`event.${field}`);
    }
  });

  it('is refused when a field is of another type, by the name of the field', () => {
    for (const field of Object.keys(example.event)) {
      const event = { ...example.event, [field]: [[7]] };
      const { field: named = '' } = refusal(() => parseEvent(wire({ ...example, event })));
      expect(named.startsWith('event')).toBe(true);
    }
  });
});

describe('an event of a later version', () => {
  const later = { ...exampleOf('channel.reaction.add'), event: { type: 'channel.poll', votes: 3 } };

  it('keeps its number and tells its name', () => {
    expect(parseEnvelope(later)).toEqual({
      ...exampleOf('channel.reaction.add'),
      event: { type: 'unknown', name: 'channel.poll', fault: null },
    });
  });

  it('is refused where an event must be known', () => {
    expect(refusal(() => parseEvent(later))).toMatchObject({ code: 'UNKNOWN_TYPE', field: 'event.type' });
  });

  it.each(['toString', '__proto__', 'constructor'])('is not found in a prototype: %s', (type) => {
    expect(parseEnvelope({ ...later, event: { type } }).event).toEqual({
      type: 'unknown',
      name: type,
      fault: null,
    });
  });

  it('may say words that this version does not know', () => {
    const example = exampleOf('channel.message');
    if (example.event.type !== 'channel.message') throw new Error('not a message');
    const message = { ...example.event.message, kind: 'poll', streaming: 'paused' };
    expect(parseEvent({ ...example, event: { ...example.event, message } }).event).toMatchObject({
      message: { kind: 'system', streaming: 'none' },
    });
  });
});

it('a known event that cannot be read keeps its number and tells why', () => {
  const example = exampleOf('channel.message');
  expect(parseEnvelope({ ...example, event: { type: 'channel.message', channelId: 7 } })).toMatchObject({
    seq: example.seq,
    event: { type: 'unknown', name: 'channel.message', fault: 'channelId must be a string' },
  });
});

it('without what surrounds it, an event is refused', () => {
  const { timestamp: _, ...rest } = exampleOf('custom');
  expect(refusal(() => parseEnvelope(rest)).field).toBe('timestamp');
  expect(refusal(() => parseEnvelope(null)).code).toBe('INVALID');
});
