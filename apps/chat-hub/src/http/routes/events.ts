import { globalAddress } from '@parley/hub-protocol';
import { openApi, type OpenApiDocument } from '@parley/hub-protocol/openapi';
import type { Chat } from '../../chat/chat.ts';
import type { HubLimits } from '../../limits/hub-limits.ts';
import type { Feed } from '../../live/feed.ts';
import { JsonText, type Handlers } from '../handler.ts';

type Names = 'postCollaboration' | 'postCustom' | 'announce' | 'readLimits' | 'readOpenApi';

export interface EventParts {
  readonly chat: Chat;
  readonly feed: Pick<Feed, 'moment'>;
  readonly limits: Pick<HubLimits, 'figures'>;
  /** Of the hub, as its documents tell it. */
  readonly version: string;
  readonly publicOrigin: string | undefined;
}

export function eventHandlers({
  chat,
  feed,
  limits,
  version,
  publicOrigin,
}: EventParts): Pick<Handlers, Names> {
  let document: string | undefined;
  const written = (): OpenApiDocument =>
    openApi({ version, ...(publicOrigin !== undefined && { server: publicOrigin }) });
  return {
    async postCollaboration({ caller, params, body, signal }) {
      return { seq: await chat.events.collaborate(caller, params.channelId, body, { signal }) };
    },
    async postCustom({ caller, params: { topic }, body: { name, data } }) {
      const event = { type: 'custom', topic, name, data } as const;
      feed.moment({ event, actorId: caller.userId, channelId: null, to: globalAddress });
    },
    async announce({ caller, body: { content, level = 'info' } }) {
      return { id: await chat.events.announce(caller, { content, level }) };
    },
    readLimits: async () => limits.figures(),
    async readOpenApi() {
      document ??= JSON.stringify(written());
      return new JsonText(document);
    },
  };
}
