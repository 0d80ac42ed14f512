-- $1 int: of how many users at the most
-- Answers diffs, and at last the ms until the next thing ends. Nothing at all: there is no epoch yet, and nothing was changed.
select channel, epoch, username, event, place, at, rank, value, ends, next_ms, removed from parley.presence_reap($1)
