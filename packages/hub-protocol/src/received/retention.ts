import { nullable, object, whole } from './reader.ts';

export const retentionRule = object({ days: nullable(whole), inForce: whole });
