-- KEYS[1]  the session
-- KEYS[2]  what it will be
-- ARGV     base, id, new id, version, seen version (NUL: any), user, data, address and user agent (NUL: as it is), idle ms,
--          ms up to its last moment (negative: as it is), how long the stone stays (ms)
-- Replies done, conflict or gone.
local base, id, new, version, seen, user, data, address, agent, idle, age, stone = unpack(ARGV)
local now = server_time()
local done = find(base, new, now)
if done and done.version == version then return 'done' end
local session = find(base, id, now)
if not session or done then return 'gone' end
if seen ~= NOTHING and session.version ~= seen then return 'conflict' end
redis.call('RENAME', KEYS[1], KEYS[2])
delist(base, id, session.user)
put_stone(base, id, version, stone, new)
if user == NOTHING then user = session.user end
redis.call('HSET', KEYS[2], 'v', version, 'u', user)
set_given(KEYS[2], 'd', data, 'a', address, 'g', agent)
local last = session.last
if tonumber(age) >= 0 then
  last = now + tonumber(age)
  redis.call('HSET', KEYS[2], 'c', whole(now))
end
see(base, new, user, last, idle, now)
return 'done'
