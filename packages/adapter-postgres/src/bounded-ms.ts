/** The most that a moment of the server is moved by: longer is for ever. */
const century = 36_525 * 86_400_000;

export const boundedMs = (ms: number): number => Math.max(-century, Math.min(century, ms));
