let consumed = 0;

/** Makes a result count for something, so that the compiler cannot drop the work that led to it. */
export function consume(result: unknown): void {
  consumed = (consumed + (result === undefined ? 1 : 2)) | 0;
}
