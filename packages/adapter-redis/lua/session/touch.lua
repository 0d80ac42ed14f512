-- KEYS[1]  the session
-- ARGV     base, id, idle ms
-- Replies 1 if it is there, else 0.
local base, id, idle = unpack(ARGV)
local now = server_time()
local session = find(base, id, now)
if not session then return 0 end
see(base, id, session.user, session.last, idle, now)
return 1
