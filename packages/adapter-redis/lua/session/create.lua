-- KEYS[1]  the session
-- ARGV     base, id, version, user (empty: nobody), data, address and user agent (NUL: none), idle ms, ms up to its last moment
-- Replies created, taken or ended.
local base, id, version, user, data, address, agent = unpack(ARGV, 1, 7)
local now = server_time()
local session, ended = find(base, id, now)
if ended then return 'ended' end
if session then return session.version == version and 'created' or 'taken' end
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'v', version, 'u', user, 'd', data, 'c', whole(now))
set_given(KEYS[1], 'a', address, 'g', agent)
see(base, id, user, now + tonumber(ARGV[9]), ARGV[8], now)
return 'created'
