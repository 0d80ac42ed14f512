-- $1 uuid: channel that was deleted
-- Nobody can end what is being streamed there, and it counts no longer among what its authors have begun.
with ended as (
  update hub.messages as m set streaming = 'cut', cut_at = hub.now_ms() where m.channel_id = $1 and m.streaming = 'open' returning m.id
)
delete from hub.streams as s using ended as e where s.message_id = e.id
