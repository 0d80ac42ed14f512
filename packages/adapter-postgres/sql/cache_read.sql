-- $1 text[]: keys
-- Answers the live records. Base64 is four thirds of the bytes where the server's own text form is twice as much.
select key, encode(bytes, 'base64'), version, date_part('epoch', fresh_until - statement_timestamp()) * 1000
from parley.cache_entries
where hash = any (array(select hashtextextended(k, 0) from unnest($1::text[]) as k))
  and keep_until > statement_timestamp()
