-- KEYS[1]  the sessions of the user
-- ARGV     base, user, token, how long stones stay (ms), the only one (NUL: all), the one that stays (NUL: none)
-- Replies how many were ended; the only one is counted also if this token has ended it before.
local base, user, token, stone, only, except = unpack(ARGV)
local now = server_time()
local count = 0
for _, id in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  if id ~= except and (only == NOTHING or id == only) then
    local session = find(base, id, now)
    if session and session.user == user then
      destroy(base, id, session, token, stone)
      count = count + 1
    end
  end
end
if count == 0 and only ~= NOTHING then
  local _, ended = find(base, only, now)
  if ended == token then count = 1 end
end
return count
