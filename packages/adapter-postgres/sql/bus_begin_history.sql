-- $1 text: what else tells this server from another one   $2 int: for how many days ahead to have partitions
select parley.bus_begin_history($1), parley.bus_prepare_days($2)
