import { createBus, createEmitter, defineTopic, memoryBroker, type Gap, type Schema } from '@parley/bus';
import { afterEach, describe, expect, it } from 'vitest';

interface Text {
  readonly author: string;
  readonly text: string;
}

const textSchema: Schema<Text> = {
  '~standard': {
    version: 1,
    vendor: 'example',
    validate(value) {
      if (typeof value !== 'object' || value === null)
        return { issues: [{ message: 'it is not an object' }] };
      const [author, text]: unknown[] = [Reflect.get(value, 'author'), Reflect.get(value, 'text')];
      return typeof author === 'string' && typeof text === 'string'
        ? { value: { author, text } }
        : { issues: [{ message: 'author and text are texts' }] };
    },
  },
};

const screen: string[] = [];
const bus = createBus({ broker: memoryBroker() });
afterEach(() => void screen.splice(0));

describe('the examples of the documentation', () => {
  it('a stream', async () => {
    // #region stream
    const messages = defineTopic('chat.message', {
      class: 'stream',
      schema: textSchema,
      retention: { count: 10_000, age: '30d' },
    });

    const subscription = bus.subscribe(messages, ({ data }) => void screen.push(data.text), {
      channel: 'general',
    });
    await subscription.ready();

    await bus.publish(messages, { author: 'ann', text: 'hello' }, { channel: 'general' });
    // #endregion stream
    await expect.poll(() => screen).toEqual(['hello']);
    await subscription.close();
  });

  it('going on where one was', async () => {
    const edits = defineTopic('chat.edit', { class: 'stream', schema: textSchema });
    await bus.publish(edits, { author: 'ann', text: 'before' });
    const saved = await bus.position(edits);
    await bus.publish(edits, { author: 'ann', text: 'meanwhile' });
    const told: Gap[] = [];
    const refetch = (gap: Gap): void => void told.push(gap);
    // #region resume
    const subscription = bus.subscribe(edits, ({ data }) => void screen.push(data.text), {
      from: saved,
      onGap: (gap) => refetch(gap),
    });
    // #endregion resume
    await expect.poll(() => screen).toEqual(['meanwhile']);
    expect(told).toEqual([]);
    await subscription.close();
  });

  it('work that is done once', async () => {
    const sent: string[] = [];
    const mailer = { send: async ({ author }: Text): Promise<void> => void sent.push(author) };
    // #region queue
    const mails = defineTopic('mail', { class: 'queue', schema: textSchema });

    const worker = bus.work(mails, (job) => mailer.send(job.data), { concurrency: 20, attempts: 5 });
    await bus.publish(
      mails,
      { author: 'ann', text: 'welcome' },
      { delay: '10ms', idempotencyKey: 'welcome ann' },
    );
    // #endregion queue
    await expect.poll(() => sent).toEqual(['ann']);
    // #region dead
    const failed = await bus.queue(mails).dead();
    if (failed.length > 0) await bus.queue(mails).redrive();
    // #endregion dead
    await worker.close();
  });

  it('a question', async () => {
    const upper = async (text: string): Promise<string> => text.toUpperCase();
    // #region request
    const shout = defineTopic('shout', { class: 'request', schema: textSchema, reply: textSchema });

    const responder = bus.respond(shout, async ({ data }) => ({ ...data, text: await upper(data.text) }));
    await responder.ready();

    const { text } = await bus.request(shout, { author: 'ann', text: 'hello' }, { within: '2s' });
    // #endregion request
    expect(text).toBe('HELLO');
    await responder.close();
  });

  it('typing, of which the latest counts', async () => {
    // #region ephemeral
    const typing = defineTopic('typing', {
      class: 'ephemeral',
      schema: textSchema,
      key: ({ author }) => author,
      patterns: true,
    });

    const all = bus.subscribe(
      typing,
      ({ channel, data }) => void screen.push(`${data.author} in ${channel}`),
      {
        pattern: 'room-*',
      },
    );
    // #endregion ephemeral
    await all.ready();
    await bus.publish(typing, { author: 'ann', text: '' }, { channel: 'room-1' });
    await expect.poll(() => screen).toEqual(['ann in room-1']);
    await all.close();
  });

  it('an emitter between processes', async () => {
    // #region emitter
    const events = createEmitter(bus);
    events.on('user-created', (user) => void screen.push(String(user)));
    events.emit('user-created', 'ann');
    // #endregion emitter
    expect(screen).toEqual(['ann']);
    await events.close();
  });
});
