-- $1 uuid: message   $2 text: as much of its content as was heard
-- Nothing when it has ended meanwhile.
update hub.messages as m set content = $2, streaming = 'cut', cut_at = hub.now_ms() where m.id = $1 and m.streaming = 'open' returning m.seq
