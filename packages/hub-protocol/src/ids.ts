import * as z from 'zod/mini';
import { uuid7, uuid7Says } from './forms.ts';
import { maxLength, minLength } from './lengths.ts';

/** Users, channels, messages and everything else that the hub makes: a UUID of version 7, in lower case. */
export const idSchema = z.string().check(z.regex(uuid7, { error: uuid7Says }));

/** A number in a channel's log: 1, 2, 3 and so on without holes. 0 stands before the first. */
export const seqSchema = z.int().check(z.gte(0));

/** Milliseconds since 1970. */
export const timeSchema = z.int().check(z.gte(0));

/**
 * Names the history that numbers belong to. It changes when the database was restored or a standby took its place, and then
 * numbers may mean other rows.
 */
export const epochSchema = z.string().check(minLength(1), maxLength(128));
