/**
 * The hash tags of the partitions that a cluster's channels are spread over. That of partition `i` lies in the middle of the slots
 * `128 i` to `128 i + 127`, so that masters with as many slots have as many partitions. Their number and order must never change: they
 * say where every channel is.
 */
export const tags: readonly string[] = (
  'qfs dqe bg5 fr3 avb ecd cu4 2jb qb3 l85 bcu fvs pp2 te4 cqt gdr dhn htp fk8 7tn ezo aoi gy9 zg7 le6 hp0 fox jsf mw7 ib1 g9q kag ' +
  'h8q ubw bv7 fc1 inx erf cd6 gq0 hx9 uf7 brw fgq ij8 tt6 kin gup dyl her 3pj 7el ekm iws 2bk c95 lt4 ha2 nwb jbd mf5 is3 oec kpe ' +
  'sd5 wq3 hlk dpu k94 vc2 awr ebt bbe fwc 5kc dt5 cpd geb as2 ef4 nc0 jv6 ukn h1h oq1 kd7 mrg any fnh jrv 1gn ys0 g8a cio 0uo aj9 ' +
  'su7 nk9 h9a daw rg6 oy8 afp esv bsg ffa 5za de7 caf g0h ab0 ew6 nr2 jg4 lqd hdb flk ku5 mce ivc nvr bjl d84 yb2 gmk cxm 0dm xp3'
).split(' ');

/** The same for every process and for ever; FNV-1a over UTF-16. */
export function partitionOf(channel: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < channel.length; i++) hash = Math.imul(hash ^ channel.charCodeAt(i), 0x01000193);
  // The low bits of a product know little of what was multiplied.
  return ((hash ^ (hash >>> 15)) >>> 0) % tags.length;
}
