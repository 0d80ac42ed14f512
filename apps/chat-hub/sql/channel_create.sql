-- $1 uuid: id   $2 text: kind   $3 text: name, or none   $4 text: topic   $5 text: description   $6 text: who it is between, or none
-- $7 uuid: who makes it   $8 bigint: now
-- Nothing when there is one of this name, or between these people.
insert into hub.channels (id, kind, name, topic, description, parties, created_by, created_at)
values ($1, $2, $3, $4, $5, $6, $7, $8)
on conflict do nothing
returning id
