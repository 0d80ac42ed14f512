-- KEYS[1]  the session
-- ARGV     base, id, version, seen version (NUL: any), user (NUL: as it is, empty: nobody), data, idle ms
-- Replies done, conflict or gone.
local base, id, version, seen, user, data, idle = unpack(ARGV)
local now = server_time()
local session = find(base, id, now)
if not session then return 'gone' end
if session.version == version then return 'done' end
if seen ~= NOTHING and session.version ~= seen then return 'conflict' end
if user == NOTHING then user = session.user end
if user ~= session.user then delist(base, id, session.user) end
redis.call('HSET', KEYS[1], 'v', version, 'u', user, 'd', data)
see(base, id, user, session.last, idle, now)
return 'done'
