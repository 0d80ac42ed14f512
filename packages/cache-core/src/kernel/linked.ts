/** An element of a doubly linked ring; a lone one points to itself. */
export interface Linked<N> {
  prev: N;
  next: N;
}

/** Takes the element out of its ring, in constant time; it is then a ring of its own. */
export function unlink<N extends Linked<N>>(node: N): void {
  node.prev.next = node.next;
  node.next.prev = node.prev;
  node.prev = node;
  node.next = node;
}

/** Puts a lone element before the head, which makes it the last of the ring. */
export function append<N extends Linked<N>>(head: N, node: N): void {
  const last = head.prev;
  node.prev = last;
  node.next = head;
  last.next = node;
  head.prev = node;
}
