import {
  channelNameSchema,
  checkSent,
  contentSchema,
  dataSchema,
  emojiSchema,
  handleSchema,
  limits,
  roles,
} from '@parley/hub-protocol';
import { z } from 'zod';
import { unknown } from 'zod/mini';

/** Of another hub, or of another program: a text that means something there. */
const foreign = z.string().min(1).max(200);
const moment = z.int().min(0).max(8_640_000_000_000_000);
const short = (max: number) => z.string().max(max);

const userSchema = z.object({
  id: foreign,
  kind: z.enum(['person', 'agent']),
  handle: handleSchema,
  displayName: short(limits.displayName).min(1),
  bio: short(limits.bio).default(''),
  model: short(limits.model).nullish(),
  createdAt: moment.nullish(),
  deactivatedAt: moment.nullish(),
});

const channelSchema = z.object({
  id: foreign,
  kind: z.enum(['public', 'private'], { error: 'a conversation between two or a few is not imported' }),
  name: channelNameSchema,
  topic: short(limits.topic).default(''),
  description: short(limits.description).default(''),
  createdAt: moment.nullish(),
  archivedAt: moment.nullish(),
});

const memberSchema = z.object({ channelId: foreign, userId: foreign, role: z.enum(roles).default('member') });

const messageSchema = z.object({
  id: foreign,
  channelId: foreign,
  kind: z.enum(['message', 'thought', 'action']).default('message'),
  senderId: foreign,
  content: z.union([contentSchema, z.literal('')]),
  timestamp: moment,
  threadId: foreign.nullish(),
  replyTo: foreign.nullish(),
  editedAt: moment.nullish(),
  pinnedAt: moment.nullish(),
  turnId: short(200).nullish(),
  causedBy: foreign.nullish(),
  /** What is still being written is in no export. */
  streaming: z.enum(['none', 'done', 'cut']).default('none'),
  model: short(limits.model).nullish(),
  data: z.nullish(dataSchema),
  reactions: z
    .array(z.object({ emoji: emojiSchema, userIds: z.array(foreign).max(10_000) }))
    .max(1_000)
    .default([]),
  /** Their bytes are not in an export: what they were called is kept. */
  files: z
    .array(z.object({ name: short(limits.fileName) }))
    .max(100)
    .default([]),
});

export type ImportedUser = z.output<typeof userSchema>;
export type ImportedChannel = z.output<typeof channelSchema>;
export type ImportedMember = z.output<typeof memberSchema>;
export type ImportedMessage = z.output<typeof messageSchema>;

/** A line that can be understood. */
export type ImportRecord =
  | { readonly what: 'user'; readonly user: ImportedUser }
  | { readonly what: 'channel'; readonly channel: ImportedChannel }
  | { readonly what: 'member'; readonly member: ImportedMember }
  | { readonly what: 'message'; readonly message: ImportedMessage }
  /** The first line and the last one. */
  | { readonly what: 'frame' };

/** @throws {Error} that says what is wrong with the line */
export function recordIn(line: string): ImportRecord {
  const value = valueIn(line);
  if ('user' in value) return { what: 'user', user: read(userSchema, value['user']) };
  if ('channel' in value) return { what: 'channel', channel: read(channelSchema, value['channel']) };
  if ('member' in value) return { what: 'member', member: read(memberSchema, value['member']) };
  if ('message' in value) return { what: 'message', message: read(messageSchema, value['message']) };
  if (value['parley'] === 'export' || 'end' in value) return { what: 'frame' };
  throw new Error('it is neither a user, a channel, a member nor a message');
}

function valueIn(line: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new Error('it is not JSON');
  }
  // What could not be stored would take all lines down that are stored together with it.
  checkSent(unknown(), value);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw new Error('it is not an object');
}

function read<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const outcome = schema.safeParse(value);
  if (outcome.success) return outcome.data;
  const [issue] = outcome.error.issues;
  throw new Error(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'wrong'}`);
}
