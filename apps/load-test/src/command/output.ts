import type { Output } from './perform.ts';

/** A terminal shows progress in one line; anywhere else every tenth is a line of its own. */
export function outputTo(stream: NodeJS.WriteStream): Output {
  let shown = false;
  let nth = 0;
  return {
    say(line) {
      stream.write(`${shown ? '\r\u001B[K' : ''}${line}\n`);
      shown = false;
    },
    show(line) {
      nth += 1;
      if (stream.isTTY) {
        stream.write(`\r\u001B[K${line.slice(0, Math.max(20, stream.columns - 1))}`);
        shown = true;
      } else if (nth % 10 === 1) stream.write(`${line}\n`);
    },
  };
}
