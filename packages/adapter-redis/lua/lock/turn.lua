-- What the scripts of locks share; put before each of them.
--
-- A lock is a string that lives as long as the lease: 'H <fence> <token>' while it is held, 'T 0 <token>' while it is kept for whoever's turn
-- it is. Those who wait are a sorted set of '<ear> <token>', by their place.

local function owner_of(lock)
  local value = redis.call('GET', lock)
  if not value then return nil end
  local kind, fence, token = string.match(value, '^(%u) (%d+) (.+)$')
  return token, kind == 'H', fence
end

-- Of a lock that is free: keeps it for the first of those who wait that somebody hears for, and tells them. Answers whether somebody is, or,
-- where the first one is `own`, that it is its turn.
local function hand_on(lock, queue, own, claim, publish, channel, key)
  while true do
    local first = redis.call('ZRANGE', queue, 0, 0)[1]
    if not first then return false end
    if first == own then return false, true end
    redis.call('ZREM', queue, first)
    local ear, token = string.match(first, '^(%S+) (%S+)$')
    -- Nobody hears for those who are gone. What is told is heard behind this script, when the lock is kept already.
    if redis.call(publish, channel .. ear, token .. ' ' .. key) > 0 then
      redis.call('SET', lock, 'T 0 ' .. token, 'PX', claim)
      return true
    end
  end
end
