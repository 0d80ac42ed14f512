-- Webhooks whose channel has moved on, held until the end of the transaction; those that another node is at are left to it.
select w.id, w.channel_id, w.seq, array_to_string(w.events, ' '), c.last_seq
from hub.webhooks as w join hub.channels as c on c.id = w.channel_id
where w.seq < c.last_seq and hub.webhook_stands(w) order by w.looked_at, w.id limit 20 for no key update of w skip locked
