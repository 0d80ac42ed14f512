-- $1 text: embedded, which process this is
select parley.presence_begin($1)
