-- $1 uuid: who reads   $2 jsonb: terms   $3 text[]: marks   $4 text[]: kinds   $5 uuid: the only channel, or none   $6 bigint: from this moment on
-- $7 bigint, $8 uuid: in front of this place   $9 int: how many   $10, $11, $12 int: of how many it looks
-- Where it has come to comes last, and without a message.
select f.at, f.id, case when f.found then hub.message_view(m) end
from hub.search($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) as f left join hub.messages as m on f.found and m.id = f.id
order by f.at desc, f.id desc, f.found desc
