-- KEYS[1]  one of the sessions
-- ARGV     base, token, how long stones stay (ms), ids
-- Replies for each id 1 if this token has ended its session, else 0.
local base, token, stone = unpack(ARGV, 1, 3)
local now = server_time()
local replies = {}
for i = 4, #ARGV do
  local id, session, ended = last_of(base, ARGV[i], now, stone)
  if session then
    destroy(base, id, session, token, stone)
    replies[i - 3] = 1
  else
    -- Whoever ended it has done so for good; where there was nothing to end, nobody has.
    if not ended then put_stone(base, id, '', stone) end
    replies[i - 3] = ended == token and 1 or 0
  end
end
return replies
