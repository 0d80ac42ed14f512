-- $1 uuid: channel   $2 uuid: user
-- As channel_look, and nobody else changes the channel until the transaction ends.
select c.kind, c.archived_at is not null, (select m.role from hub.members as m where m.channel_id = c.id and m.user_id = $2), c.last_seq, c.rev
from hub.channels as c where c.id = $1 and c.deleted_at is null for no key update
