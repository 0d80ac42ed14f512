-- KEYS     the lock, its queue, when places in it end
-- ARGV     token, claim (ms), PUBLISH or SPUBLISH, what the channels of ears begin with, the key of the application, and perhaps an ear
-- Replies 1 when it was held under the token until now, else 0.
local lock, queue, ends = KEYS[1], KEYS[2], KEYS[3]
local token, claim, publish, channel, key, ear = unpack(ARGV)
local owner, is_held = owner_of(lock)
if ear then leave(queue, ends, ear .. ' ' .. token) end
if owner ~= token then return 0 end
if not hand_on(lock, queue, ends, nil, claim, publish, channel, key) then redis.call('DEL', lock) end
return is_held and 1 or 0
