-- $1 text: key of a part   $2 uuid: file   $3 bigint: place   $4 bigint: size   $5 bigint: kept until   $6 bigint: begun after
-- The part that was written is one of the file, if the file goes on at its place. Otherwise nothing. One that was begun too long ago may be being
-- removed already.
with written as (
  select p.key from hub.file_parts as p where p.key = $1 and p.state = 'writing' and p.started_at > $6 for update
), grown as (
  update hub.files as f set received = f.received + $4, kept_until = $5
  from written as w
  where f.id = $2 and f.received = $3 and f.state = 'uploading' and f.deleted_at is null
  returning f.id
)
update hub.file_parts as p set state = 'stored' from grown as g where p.key = $1 returning p.key
