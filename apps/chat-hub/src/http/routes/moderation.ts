import type { Access } from '../../access/access.ts';
import type { Chat } from '../../chat/chat.ts';
import type { Handlers } from '../handler.ts';

type Names =
  | 'freezeChannel'
  | 'unfreezeChannel'
  | 'setSlowMode'
  | 'muteMember'
  | 'unmuteMember'
  | 'timeOutUser'
  | 'endTimeout';

export interface ModerationParts {
  readonly access: Pick<Access, 'timeouts'>;
  readonly chat: Pick<Chat, 'channels'>;
}

export function moderationHandlers({ access, chat }: ModerationParts): Pick<Handlers, Names> {
  const { channels } = chat;
  const { timeouts } = access;
  return {
    freezeChannel: ({ caller, params, body, signal }) =>
      channels.freeze(caller, params.channelId, true, body, { signal }),
    unfreezeChannel: ({ caller, params, signal }) =>
      channels.freeze(caller, params.channelId, false, {}, { signal }),
    setSlowMode: ({ caller, params, body, signal }) =>
      channels.slow(caller, params.channelId, body, { signal }),
    muteMember: ({ caller, params: { channelId, userId }, body, signal }) =>
      channels.mute(caller, channelId, userId, body, { signal }),
    unmuteMember: ({ caller, params: { channelId, userId }, signal }) =>
      channels.unmute(caller, channelId, userId, { signal }),
    timeOutUser: ({ caller, params, body, signal }) =>
      timeouts.begin(caller, params.userId, body, { signal }),
    endTimeout: ({ caller, params, signal }) => timeouts.end(caller, params.userId, { signal }),
  };
}
