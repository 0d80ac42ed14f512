/** A place in a log: behind the record of this offset; 0 is before the first one. Places of two epochs cannot be compared. */
export interface Position {
  readonly epoch: string;
  readonly offset: number;
}
