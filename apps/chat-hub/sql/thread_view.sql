-- $1 uuid[]: root messages
select t.root_id, hub.thread_of(t.root_id) from hub.threads as t where t.root_id = any ($1)
