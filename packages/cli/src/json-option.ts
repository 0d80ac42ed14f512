import { usageError } from './cli-error.ts';

/** The object that an option says as JSON. */
export function readObject(option: string, text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // It is refused below, as is what is no object.
  }
  throw usageError(`--${option} must be a JSON object`, `--${option} '{"tool":"search"}'`);
}
