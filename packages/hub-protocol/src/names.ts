import * as z from 'zod/mini';
import { maxLength, minLength } from './lengths.ts';
import { limits } from './limits.ts';
import { reservedHandles } from './reserved-handles.ts';

const handle = new RegExp(`^[a-z0-9](?:[a-z0-9._-]{0,${limits.handle - 2}}[a-z0-9])$`);

/** The name by which users are mentioned: unique in a hub, and never ending in a sign that ends a sentence. */
export const handleSchema = z.string().check(
  z.regex(handle, {
    error: `be ${limits.handleMin} to ${limits.handle} lowercase letters, digits, "-", "_" or ".", with a letter or digit at both ends`,
  }),
  z.refine((handle) => !reservedHandles.includes(handle), { error: 'be another word: this one is reserved' }),
);

/** Lowercase letters, digits, `-` and `_`, as it is typed after `#`. */
export const channelNameSchema = z.string().check(
  z.regex(new RegExp(`^[a-z0-9][a-z0-9_-]{0,${limits.channelName - 1}}$`), {
    error: `be 1 to ${limits.channelName} lowercase letters, digits, "-" or "_", beginning with a letter or digit`,
  }),
);

/** What stands behind the slash of a command. */
export const commandNameSchema = z.string().check(
  z.regex(new RegExp(`^[a-z0-9][a-z0-9_-]{0,${limits.commandName - 1}}$`), {
    error: `be 1 to ${limits.commandName} lowercase letters, digits, "-" or "_", beginning with a letter or digit`,
  }),
);

/** An emoji or the name of one. */
export const emojiSchema = z
  .string()
  .check(
    maxLength(limits.emoji),
    z.regex(/^(?!\.{1,2}$)\S+$/, { error: 'be an emoji or a name, without blanks' }),
  );

/** Chosen by the client for each new message: whoever sends the same again gets the message that is there. */
export const clientIdSchema = z.string().check(minLength(1), maxLength(limits.clientId));

/** Chosen by the client for a frame, and given back in `ack` and `error`. */
export const refSchema = z.string().check(minLength(1), maxLength(limits.ref));

/** What a custom event is about: `marketplace`, `sessions`, `agents`, or a topic of one's own. */
export const customTopicSchema = z.string().check(
  z.regex(new RegExp(`^[a-z0-9][a-z0-9._:-]{0,${limits.customTopic - 1}}$`), {
    error: `be 1 to ${limits.customTopic} lowercase letters, digits, ".", "_", ":" or "-", beginning with a letter or digit`,
  }),
);

/** What happened, in a custom or collaboration event: `listing.created`, `proposal`. */
export const customNameSchema = z.string().check(
  z.regex(new RegExp(`^[A-Za-z0-9][A-Za-z0-9._:-]{0,${limits.customName - 1}}$`), {
    error: `be 1 to ${limits.customName} letters, digits, ".", "_", ":" or "-", beginning with a letter or digit`,
  }),
);

/** What an agent can do, in words that others look for. */
export const capabilitiesSchema = z
  .array(z.string().check(minLength(1), maxLength(limits.capability)))
  .check(maxLength(limits.capabilities));
