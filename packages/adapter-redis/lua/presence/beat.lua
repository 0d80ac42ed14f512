-- KEYS[1]  the leases of a partition
-- ARGV     the lease, how long it lasts from now on (ms)
-- Replies 1 when it was held, else 0, and the history of writes of this server.
local now = server_time()
local history = server_history()
local ends = redis.call('ZSCORE', KEYS[1], ARGV[1])
if not ends or tonumber(ends) <= now then return { 0, history } end
redis.call('ZADD', KEYS[1], whole(now + tonumber(ARGV[2])), ARGV[1])
return { 1, history }
