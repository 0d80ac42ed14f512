import { checkSent, HubError, isHubError, limits } from '@parley/hub-protocol';
import { routes, type RouteBody } from '@parley/hub-protocol/rest';
import { askOut, CallFailed, type CallOutOptions } from '../webhooks/call-out.ts';
import { signedHeaders } from '../webhooks/signature.ts';

export interface Posted {
  readonly url: string;
  readonly secret: string;
  readonly callId: string;
  readonly seconds: number;
  /** What is said of the call, beside its id. */
  readonly facts: Readonly<Record<string, unknown>>;
  readonly version: string;
}

type Answer = RouteBody<'answerByAddress'>;

/** Undefined answer: it may come later, by the address that was posted. */
export type PostOutcome = { readonly answer: Answer | undefined } | { readonly failure: string };

/** Posts a command to its address, once: what it does there is not to be done twice. */
export async function postCommand(posted: Posted, options: CallOutOptions): Promise<PostOutcome> {
  const { url, secret, callId, seconds, facts, version } = posted;
  const body = JSON.stringify({ type: 'command', callId, ...facts });
  const headers = {
    'content-type': 'application/json',
    'user-agent': `parley-hub/${version}`,
    ...signedHeaders(secret, { id: callId, seconds, body }),
  };
  try {
    const call = { url: new URL(url), headers, body };
    const { status, type, body: said } = await askOut(call, limits.contentBytes, options);
    if (status < 200 || status > 299) return { failure: `it answered ${status}` };
    return { answer: answerIn(type, said.toString('utf8')) };
  } catch (error) {
    if (options.signal.aborted) return { answer: undefined };
    if (error instanceof CallFailed) return { failure: error.message };
    if (isHubError(error, 'INVALID')) return { failure: `it answered what is no answer: ${error.message}` };
    throw error;
  }
}

function answerIn(type: string, body: string): Answer | undefined {
  if (body.trim() === '') return undefined;
  const given = /^application\/json\b/i.test(type) ? ours(parsed(body)) : { content: body };
  return checkSent(routes.answerByAddress.body, given);
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw new HubError('INVALID', 'it is not JSON', { cause });
  }
}

/** Programs that were made for other chats answer `text`, and `in_channel` for all to see; of the rest, what we do not know says how it looks. */
function ours(given: unknown): unknown {
  if (typeof given !== 'object' || given === null || !('text' in given)) return given;
  const isOpen = 'response_type' in given && given.response_type === 'in_channel';
  return { content: given.text, visibility: isOpen ? 'channel' : 'caller' };
}
