/** What is read of an export of Slack: its fields may be there or not, and be anything. */
export type Fields = Readonly<Record<string, unknown>>;

/** @throws {Error} that says what is wrong */
export function fieldsOf(text: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error('it is not JSON');
  }
  if (isFields(value)) return value;
  throw new Error('it is not an object');
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function textIn(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function fieldsIn(fields: Fields, name: string): Fields {
  const value = fields[name];
  return isFields(value) ? value : {};
}

export function listIn(fields: Fields, name: string): readonly unknown[] {
  const value = fields[name];
  return Array.isArray(value) ? value : [];
}

export function need(fields: Fields, name: string): string {
  const value = textIn(fields, name);
  if (value !== undefined) return value;
  throw new Error(`it has no ${name}`);
}

/** Slack's `1700000000.000200`, in milliseconds. */
export function momentOf(ts: string): number {
  const ms = Math.floor(Number(ts) * 1_000);
  if (Number.isSafeInteger(ms) && ms > 0) return ms;
  throw new Error(`${ts} is no moment`);
}

/** Seconds, as Slack gives them with channels and users. */
export function secondsIn(fields: Fields, name: string): number | undefined {
  const value = fields[name];
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value * 1_000 : undefined;
}
