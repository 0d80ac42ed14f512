import { InvalidArgument } from '@parley/cache-core/kernel';

/** A bare value: text becomes a String, whole numbers an Integer, bytes a Byte Sequence. */
export type FieldValue = string | number | Uint8Array;

const largest = 999_999_999_999_999;

/** An item of a structured field (RFC 9651): a String with parameters, of which those without a value are left out. */
export function fieldItem(
  value: string,
  parameters: Readonly<Record<string, FieldValue | undefined>> = {},
): string {
  let item = bareText(value);
  for (const [key, given] of Object.entries(parameters)) {
    if (!/^[a-z*][\w.*-]*$/.test(key) || /[A-Z]/.test(key))
      throw new InvalidArgument('parameter', 'a key of structured fields', key);
    if (given !== undefined) item += `;${key}=${bare(given)}`;
  }
  return item;
}

function bare(value: FieldValue): string {
  if (typeof value === 'string') return bareText(value);
  if (typeof value === 'number') {
    if (!Number.isInteger(value) || Math.abs(value) > largest)
      throw new InvalidArgument('parameter', 'a whole number of up to 15 digits', value);
    return String(value);
  }
  return `:${btoa(Array.from(value, (byte) => String.fromCharCode(byte)).join(''))}:`;
}

function bareText(text: string): string {
  if (!/^[\x20-\x7e]*$/.test(text)) throw new InvalidArgument('parameter', 'printable ASCII', text);
  return `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}
