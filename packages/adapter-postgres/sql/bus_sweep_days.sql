-- $1 int: for how many days ahead to have partitions
-- Answers how many of the past are gone.
select parley.bus_prepare_days($1), parley.bus_drop_days() as dropped
