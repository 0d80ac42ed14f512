import type { Picture } from './step.ts';

const before = [38, 42, 48, 55, 61, 84, 78, 60, 52, 49, 45, 41];
const after = [22, 23, 26, 29, 31, 41, 38, 30, 27, 25, 24, 22];
const [width, height] = [720, 360];

const lineOf = (values: readonly number[]): string =>
  values.map((value, nth) => `${60 + nth * 56},${300 - value * 2.8}`).join(' ');

const grid = [0, 25, 50, 75]
  .map((ms) => {
    const y = 300 - ms * 2.8;
    return `<path d="M60 ${y}H690" stroke="#e2e2ea"/><text x="48" y="${y + 4}" text-anchor="end">${ms}</text>`;
  })
  .join('');

/** A chart, as one of the agents draws it. */
export const latency: Picture = {
  name: 'latency.png',
  svg: `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="sans-serif" font-size="13" fill="#5b5d6b">
    <rect width="${width}" height="${height}" fill="#ffffff"/>
    <text x="60" y="30" font-size="17" fill="#1c1d24">Answers at p95, in milliseconds, over a day</text>
    ${grid}
    <polyline points="${lineOf(before)}" fill="none" stroke="#a6abb8" stroke-width="3"/>
    <polyline points="${lineOf(after)}" fill="none" stroke="#4f46e5" stroke-width="3"/>
    <circle cx="80" cy="334" r="5" fill="#a6abb8"/><text x="92" y="339">2.3</text>
    <circle cx="140" cy="334" r="5" fill="#4f46e5"/><text x="152" y="339">2.4</text>
  </svg>`,
};
