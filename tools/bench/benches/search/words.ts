const starts = [
  'ba',
  'ce',
  'di',
  'fo',
  'gu',
  'la',
  'me',
  'ni',
  'po',
  'ru',
  'sa',
  'te',
  'vi',
  'wo',
  'zu',
  'ka',
];
const ends = ['n', 'r', 'l', 's', 't', 'm', 'd', 'x'];
const middles = ['a', 'e', 'i', 'o', 'u', 'y', 'ai', 'ou'];

/** The n-th most frequent word, as `bench.word` of `words.sql` makes it. */
export function word(n: number): string {
  const short = (starts[n & 15] ?? '') + (ends[(n >> 4) & 7] ?? '');
  const long = n < 128 ? short : short + (middles[(n >> 7) & 7] ?? '') + (ends[(n >> 10) & 7] ?? '');
  return n < 8_192 ? long : long + (middles[(n >> 13) & 7] ?? '');
}
