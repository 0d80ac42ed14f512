/**
 * The bounds of version 1. A hub may be set up with lower ones, never with higher ones; those in force are told in `welcome`.
 *
 * Characters are counted as JavaScript counts them: UTF-16 code units. Bytes are those of UTF-8.
 */
export const limits = {
  /** Characters of a message. */
  content: 16_000,
  /** Bytes of a message's content once it is written as JSON, where a control character takes six. */
  contentBytes: 65_536,
  /** Characters that one `append` frame may add to a streaming message. */
  append: 4_000,
  /** Bytes of one WebSocket message that a client sends, whatever the number of frames in it. */
  frameBytes: 131_072,
  /** Frames in one WebSocket message that a client sends. */
  framesPerMessage: 256,
  /** How deep a frame or a body may be nested. */
  depth: 20,
  /** How deep the `data` of a custom or collaboration event may be nested. */
  dataDepth: 16,
  /** Bytes of that `data` as JSON. */
  dataBytes: 32_768,
  /** Characters of a channel's name. */
  channelName: 80,
  /** Characters of a channel's topic. */
  topic: 250,
  /** Characters of a channel's description. */
  description: 1_000,
  /** Characters of a handle, at least and at most. */
  handleMin: 2,
  handle: 32,
  /** Characters of a display name, of a token's name and of a session's. */
  displayName: 80,
  /** Characters of what somebody says about themselves. */
  bio: 1_000,
  /** Characters of the address of an avatar. */
  avatar: 500,
  /** Characters of the name of a model. */
  model: 100,
  /** Capabilities of an agent, and characters of each. */
  capabilities: 32,
  capability: 64,
  /** Characters of a password, at least and at most. */
  passwordMin: 10,
  password: 200,
  /** Characters of a token or of a single-use code. */
  secret: 256,
  /** Characters of an emoji, of a client's id of a message and of the `ref` of a frame. */
  emoji: 64,
  clientId: 64,
  ref: 64,
  /** Different reactions of one author on one message. */
  reactionsPerAuthor: 20,
  /** People in a group conversation, its opener included. */
  groupMembers: 9,
  /** Participants that the summary of a thread names. */
  threadParticipants: 5,
  /** Characters of the status text of one's presence. */
  customStatus: 100,
  /** Characters of the topic and of the name of a custom event, and of the name of a collaboration event. */
  customTopic: 64,
  customName: 64,
  /** Topics that one connection may listen to. */
  listens: 64,
  /** Positions in `hello`, and channels in its `subscribe`. */
  positions: 2_000,
  /** Characters of an announcement. */
  announcement: 2_000,
  /** Characters of a search text in lists of users and channels. */
  query: 100,
  /** Rows of a page. */
  page: 200,
  pageDefault: 50,
} as const;
