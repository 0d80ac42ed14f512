-- KEYS[1]  the leases of a partition
-- ARGV     the lease, how long it lasts (ms)
-- Replies the history of writes of this server.
local now = server_time()
local history = server_history()
redis.call('ZADD', KEYS[1], whole(now + tonumber(ARGV[2])), ARGV[1])
return history
