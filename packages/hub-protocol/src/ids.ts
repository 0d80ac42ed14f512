import * as z from 'zod/mini';
import { maxLength, minLength } from './lengths.ts';

// Lower case only: two spellings of one id would be two keys of one map.
const uuid7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Users, channels, messages and everything else that the hub makes: a UUID of version 7, in lower case. */
export const idSchema = z.string().check(z.regex(uuid7, { error: 'be a UUID of version 7 in lower case' }));

/** A number in a channel's log: 1, 2, 3 and so on without holes. 0 stands before the first. */
export const seqSchema = z.int().check(z.gte(0));

/** Milliseconds since 1970. */
export const timeSchema = z.int().check(z.gte(0));

/**
 * Names the history that numbers belong to. It changes when the database was restored or a standby took its place, and then
 * numbers may mean other rows.
 */
export const epochSchema = z.string().check(minLength(1), maxLength(128));
