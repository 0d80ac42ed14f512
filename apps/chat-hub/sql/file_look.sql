-- $1 uuid: file
-- Where it is, whose, what is kept of it, whether a message that is not deleted has it, how it is shown, and which attempt its upload is.
select f.channel_id, f.user_id, f.state, f.size, f.received, exists (
  select from hub.attachments as a join hub.messages as m on m.id = a.message_id where a.file_id = f.id and m.deleted_at is null
), hub.file_view(f), f.attempt
from hub.files as f where f.id = $1 and f.deleted_at is null
