// Lower case only: two spellings of one id would be two keys of one map.
export const uuid7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
export const uuid7Says = 'be a UUID of version 7 in lower case';
