-- $1 text: topic
-- Begins the topic, if it has not been.
insert into parley.notice_positions (topic, position) values ($1, 0) on conflict (topic) do nothing
