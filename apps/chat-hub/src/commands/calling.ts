import { randomBytes } from 'node:crypto';
import { anySignal, type Clock } from '@parley/cache-core/kernel';
import { agentAddress, HubError, type CommandCall } from '@parley/hub-protocol';
import { restPrefix, type RouteBody } from '@parley/hub-protocol/rest';
import { readText, type ApplicationTables } from '@parley/runtime';
import type { Call } from '../access/base.ts';
import type { Caller } from '../access/caller.ts';
import { hashOf } from '../access/secrets.ts';
import { admit, look } from '../chat/look.ts';
import { newId } from '../database/ids.ts';
import type { Tables } from '../database/tables.ts';
import type { Feed } from '../live/feed.ts';
import type { Networks } from '../webhooks/networks.ts';
import type { Resolve } from '../webhooks/resolve.ts';
import type { Answering } from './answering.ts';
import { callOf } from './call-view.ts';
import { postCommand } from './post-command.ts';

export interface CallingOptions {
  readonly tables: ApplicationTables;
  readonly answering: Answering;
  readonly feed: Pick<Feed, 'moment'>;
  readonly networks: Networks;
  readonly clock: Clock;
  readonly version: string;
  /** How the hub is called from elsewhere; undefined: nobody has said. */
  readonly publicOrigin: string | undefined;
  /** How long who typed it waits for the answer. @default 3,000 */
  readonly answerMs?: number | undefined;
  /** How long it can be answered. @default 30 min */
  readonly openMs?: number | undefined;
  readonly resolve?: Resolve | undefined;
}

/** How long what is over can be read still. */
const keptMs = 3_600_000;
const mostListed = 200;

interface Found {
  readonly id: string;
  readonly userId: string;
  readonly url: string | null;
  readonly secret: string | null;
}

/** Commands that are typed. Each is posted, or told to its agent, once: whoever types it again with the same `clientId` hears what became of it. */
export class CommandCalls {
  readonly #options: CallingOptions;

  constructor(options: CallingOptions) {
    this.#options = options;
  }

  async call(
    caller: Caller,
    channelId: string,
    { clientId, text: typed }: RouteBody<'callCommand'>,
    call: Call = {},
  ): Promise<CommandCall> {
    const { tables, openMs = 1_800_000 } = this.#options;
    const { name, text } = parsed(typed);
    admit(await look(tables, caller, channelId, call), 'message.send');
    const found = await this.#find(channelId, name, call);
    const id = newId();
    const secret = randomBytes(32).toString('base64url');
    const hash = found.url === null ? null : hashOf(secret);
    const params = [id, found.id, channelId, caller.userId, clientId, text, hash, openMs];
    const { rows } = await tables.db.query(tables.statement('command_call_add'), params, call);
    if (rows.length === 0) return this.#again(caller, { channelId, clientId, name, text }, call);
    const facts = { channelId, userId: caller.userId, name, text };
    if (found.url === null) await this.#ask(id, found, facts, call);
    else await this.#post(id, found, { ...facts, handle: caller.handle, secret }, call);
    return this.#view(id, null, call);
  }

  /** For who typed it, and who is to answer it, while they may read the channel. */
  async read(caller: Caller, callId: string, call: Call = {}): Promise<CommandCall> {
    const seen = await this.#view(callId, caller.userId, call);
    await look(this.#options.tables, caller, seen.channelId, call);
    return seen;
  }

  /** What an agent has missed while it was away. */
  async open(caller: Caller, call: Call = {}): Promise<CommandCall[]> {
    const { tables } = this.#options;
    const params = [caller.userId, mostListed];
    const { rows } = await tables.db.query(tables.statement('command_calls_open'), params, call);
    return rows.map(callOf);
  }

  async sweep(): Promise<void> {
    const { tables } = this.#options;
    await tables.db.query(tables.statement('command_calls_swept'), [keptMs]);
  }

  async #find(channelId: string, name: string, call: Call): Promise<Found> {
    const { tables } = this.#options;
    const { rows } = await tables.db.query(tables.statement('command_find'), [channelId, name], call);
    const [row] = rows;
    if (row === undefined)
      throw new HubError('COMMAND_UNKNOWN', `nobody here answers /${name}`, { field: 'text' });
    return { id: readText(row, 0), userId: readText(row, 1), url: row[2] ?? null, secret: row[3] ?? null };
  }

  async #again(
    caller: Caller,
    typed: Readonly<Record<'channelId' | 'clientId' | 'name' | 'text', string>>,
    call: Call,
  ): Promise<CommandCall> {
    const { tables } = this.#options;
    const params = [caller.userId, typed.clientId];
    const { rows } = await tables.db.query(tables.statement('command_call_again'), params, call);
    const there = rows.map(callOf)[0];
    const isSame =
      there?.channelId === typed.channelId && there.name === typed.name && there.text === typed.text;
    if (there !== undefined && isSame) return there;
    throw new HubError('CLIENT_ID_REUSED', 'this clientId belongs to another command', { field: 'clientId' });
  }

  async #view(callId: string, userId: string | null, call: Call): Promise<CommandCall> {
    const { tables } = this.#options;
    const { rows } = await tables.db.query(tables.statement('command_call_view'), [callId, userId], call);
    const seen = rows.map(callOf)[0];
    if (seen === undefined)
      throw new HubError('NOT_FOUND', 'nothing that was typed has this id', { field: 'callId' });
    return seen;
  }

  /** The agent is told on its connections, and finds it among what is open if it was away. Its answer may come to any node. */
  async #ask(
    callId: string,
    { userId }: Found,
    facts: Readonly<Record<'channelId' | 'userId' | 'name' | 'text', string>>,
    call: Call,
  ): Promise<void> {
    const { clock, feed, answerMs = 3_000 } = this.#options;
    const { channelId } = facts;
    const event = { type: 'command.call', callId, ...facts } as const;
    feed.moment({ event, actorId: facts.userId, channelId, to: agentAddress(userId) });
    const end = clock.monotonic() + answerMs;
    for (let pause = 25; ; pause = Math.min(2 * pause, 400)) {
      const left = end - clock.monotonic();
      if (left <= 0 || (await this.#view(callId, null, call)).state !== 'working') return;
      await clock.sleep(Math.min(pause, left), call);
    }
  }

  async #post(
    callId: string,
    { url, secret }: Found,
    { secret: answerSecret, ...facts }: Readonly<Record<string, string>>,
    call: Call,
  ): Promise<void> {
    const { tables, answering, networks, clock, version, publicOrigin = '', resolve } = this.#options;
    const { answerMs = 3_000 } = this.#options;
    const { signal, dispose } = anySignal([call.signal, AbortSignal.timeout(answerMs)]);
    const path = `${restPrefix}/command-answers/${answerSecret}`;
    const posted = {
      url: url ?? '',
      secret: secret ?? '',
      callId,
      seconds: Math.floor(clock.now() / 1_000),
      facts: { ...facts, timestamp: clock.now(), answerTo: `${publicOrigin}${path}` },
      version,
    };
    try {
      const outcome = await postCommand(posted, { networks, signal, resolve });
      if ('failure' in outcome) throw new HubError('UNAVAILABLE', outcome.failure);
      if (outcome.answer !== undefined)
        await answering.answer({ callId, userId: null }, outcome.answer, call);
    } catch (error) {
      if (!(error instanceof HubError)) throw error;
      const kysely = tables.kysely<Tables>();
      await kysely
        .updateTable('command_calls')
        .set({ error: error.message })
        .where('id', '=', callId)
        .execute();
    } finally {
      dispose();
    }
  }
}

/** `/name`, and behind it whatever stands there. */
function parsed(typed: string): { readonly name: string; readonly text: string } {
  const [, name, text = ''] = /^\/([a-z0-9][a-z0-9_-]*)(?:\s+(.*))?$/isu.exec(typed) ?? [];
  if (name === undefined)
    throw new HubError('INVALID', 'text must begin with a slash and the name of a command', {
      field: 'text',
    });
  return { name: name.toLowerCase(), text: text.trim() };
}
