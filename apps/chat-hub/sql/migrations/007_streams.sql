-- Messages whose text still comes. What was heard of each is noted now and then, so that another node can end it when its author or the node
-- of its author is gone; its row in the log is written twice, at the beginning and at the end.
create table hub.streams (
  message_id uuid primary key,
  content    text not null,
  heard_at   bigint not null,
  unheard    boolean not null default false  -- it was its beginning: its author has given no sign since
) with (fillfactor = 50);

-- When the hub ended it, in place of its author.
alter table hub.messages add column cut_at bigint;

create index messages_open on hub.messages (sender_id, at) where streaming = 'open';
create index messages_turn on hub.messages (channel_id, turn_id, seq) where turn_id is not null;
