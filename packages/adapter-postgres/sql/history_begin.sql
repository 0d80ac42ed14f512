-- $1 text: what else tells this server from another one
select parley.bus_begin_history($1)
