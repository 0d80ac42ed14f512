import type { Environment, Target } from './world.ts';

type Paint = (text: string) => string;

export interface Style {
  readonly bold: Paint;
  readonly dim: Paint;
  /** Always the same colour for the same name. */
  readonly name: (text: string, key: string) => string;
}

const plain: Style = { bold: (text) => text, dim: (text) => text, name: (text) => text };

/** Readable on dark and on light. */
const hues = [32, 33, 34, 35, 36, 92, 94, 95, 96];

const paint =
  (from: number, to: number): Paint =>
  (text) =>
    `\u001B[${from}m${text}\u001B[${to}m`;

const colours: Style = {
  bold: paint(1, 22),
  dim: paint(2, 22),
  name(text, key) {
    const sum = Array.from(key).reduce((sum, sign) => sum + (sign.codePointAt(0) ?? 0), 0);
    return paint(hues[sum % hues.length] ?? 36, 39)(text);
  },
};

/** Colours for a terminal that has some and for people who want them: see no-color.org. */
export function styleFor(target: Target, env: Environment): Style {
  if ((env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb' || target.isTTY !== true) return plain;
  return target.hasColors?.() === true ? colours : plain;
}
