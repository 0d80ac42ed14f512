/** One WebSocket text message carries one or several frames, each a line of JSON. JSON has no line feeds but those between tokens. */
export function linesOf(text: string): string[] {
  if (!text.includes('\n')) return [text];
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** Several encoded frames as one text message. */
export function joinFrames(frames: readonly string[]): string {
  return frames.join('\n');
}
