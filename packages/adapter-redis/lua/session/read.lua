-- KEYS[1]  the session
-- Replies the time, and of a session that is there: version, user, data, address, user agent, when it began, was seen, and ends.
local now = server_time()
local row = redis.call('HMGET', KEYS[1], 'v', 'u', 'd', 'a', 'g', 'c', 's', 't')
if not row[1] or tonumber(row[8]) <= now then return { whole(now) } end
return { whole(now), unpack(row, 1, 8) }
