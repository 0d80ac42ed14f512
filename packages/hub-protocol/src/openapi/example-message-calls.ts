import type { messageRoutes } from '../rest/message-routes.ts';
import type { CallExamples } from './example-call.ts';
import { at, epoch, exampleMessage, ids } from './example-values.ts';

const params = { channelId: ids.general };
const ofMessage = { channelId: ids.general, messageId: ids.root };
const ofReaction = { ...ofMessage, emoji: '👍' };
const edited = { ...exampleMessage, content: 'Hello, world!', editedAt: at };
const finished = { ...exampleMessage, content: 'Hello, dear world', model: 'example-model-1' };

export const messageCallExamples: CallExamples<keyof typeof messageRoutes> = {
  listMessages: {
    params,
    query: { before: 18, limit: 50 },
    reply: { items: [exampleMessage], seq: 18, epoch, older: true, newer: true },
  },
  sendMessage: {
    params,
    body: { clientId: 'c-1', content: exampleMessage.content },
    reply: { message: { ...exampleMessage, clientId: 'c-1' }, seq: 17 },
  },
  readMessage: { params: ofMessage, reply: exampleMessage },
  editMessage: { params: ofMessage, body: { content: edited.content }, reply: { message: edited, seq: 18 } },
  finishMessage: {
    params: ofMessage,
    body: { content: finished.content, model: finished.model },
    reply: { message: finished, seq: 18 },
  },
  deleteMessage: { params: ofMessage, reply: { seq: 19 } },
  listEdits: {
    params: ofMessage,
    reply: { items: [{ content: exampleMessage.content, replacedAt: at, replacedBy: ids.ada }], next: null },
  },
  addReaction: { params: ofReaction, reply: { seq: 18 } },
  removeReaction: { params: ofReaction, reply: { seq: 19 } },
  listTurn: {
    params: { channelId: ids.general, turnId: 'turn-1' },
    reply: { items: [{ ...exampleMessage, turnId: 'turn-1' }], next: null },
  },
  listPins: { params, reply: { items: [{ ...exampleMessage, pinnedAt: at }], next: null } },
  pinMessage: { params: ofMessage, reply: { seq: 18 } },
  unpinMessage: { params: ofMessage, reply: { seq: 19 } },
};
