-- What the scripts of locks share; put before each of them.
--
-- A lock is a string that lives as long as the lease: 'H <fence> <token>' while it is held, 'T 0 <token>' while it is kept for whoever's turn
-- it is. Those who wait are a sorted set of '<ear> <token>', by their place, and another one of the same, by when their place ends.

local function owner_of(lock)
  local value = redis.call('GET', lock)
  if not value then return nil end
  local kind, fence, token = string.match(value, '^(%u) (%d+) (.+)$')
  return token, kind == 'H', fence
end

local function now_ms()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(time[2] / 1000)
end

local function leave(queue, ends, own)
  redis.call('ZREM', queue, own)
  redis.call('ZREM', ends, own)
end

-- Of a lock that is free: keeps it for the first of those who wait that somebody hears for, and tells them. Answers whether somebody is, or,
-- where the first one is `own`, that it is its turn.
local function hand_on(lock, queue, ends, own, claim, publish, channel, key)
  while true do
    local first = redis.call('ZRANGE', queue, 0, 0)[1]
    if not first then return false end
    if first == own then return false, true end
    local until_ms = redis.call('ZSCORE', ends, first)
    leave(queue, ends, first)
    local ear, token = string.match(first, '^(%S+) (%S+)$')
    local untold = string.match(ear, '^%-(%d+)$')
    local alive = until_ms and tonumber(until_ms) > now_ms()
    if alive and untold then
      redis.call('SET', lock, 'T 0 ' .. token, 'PX', untold)
      return true
    end
    -- Nobody hears for those who are gone; but the server believes for minutes in a connection of a host that is cut off. What is told is heard behind
    -- this script, when the lock is kept already.
    if alive and redis.call(publish, channel .. ear, token .. ' ' .. key) > 0 then
      redis.call('SET', lock, 'T 0 ' .. token, 'PX', claim)
      return true
    end
  end
end
