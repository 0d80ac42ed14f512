-- KEYS[1]  the sessions of the user
-- ARGV     base, user, token, how long stones stay (ms), the only one (NUL: all), the one that stays (NUL: none), how many at the most
-- Replies how many were ended, and 1 if there may be more; the only one is counted also if this token has ended it before.
local base, user, token, stone, only, except, most = unpack(ARGV)
local now = server_time()
if only ~= NOTHING then
  local id, session, ended = last_of(base, only, now)
  if not session then return { ended == token and 1 or 0, 0 } end
  if session.user ~= user or id == except then return { 0, 0 } end
  destroy(base, id, session, token, stone)
  return { 1, 0 }
end
local count = 0
-- One more than is asked for: the one that stays must not be all that is looked at.
local ids = redis.call('ZRANGE', KEYS[1], 0, most)
for _, id in ipairs(ids) do
  if id ~= except then
    local session = find(base, id, now)
    if session and session.user == user then
      destroy(base, id, session, token, stone)
      count = count + 1
    else
      -- It is over, and would be looked at again and again.
      redis.call('ZREM', KEYS[1], id)
    end
  end
end
return { count, #ids > tonumber(most) and 1 or 0 }
