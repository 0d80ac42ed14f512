-- What nearly every call finds: a lock that is free, and nobody who waits for it. It is granted ahead of everything that the rest needs.
local function grant(lock, fences, token, lease)
  local time = redis.call('TIME')
  local micros = time[1] .. string.sub('00000' .. time[2], -6)
  -- Numbers of sixteen digits are exact in Lua.
  local now, last = tonumber(micros), tonumber(redis.call('SET', fences, micros, 'GET') or 0)
  if last >= now then
    now = last + 1
    micros = string.format('%.0f', now)
    redis.call('SET', fences, micros)
  end
  redis.call('SET', lock, 'H ' .. micros .. ' ' .. token, 'PX', lease)
  return now
end

if not redis.call('GET', KEYS[1]) and not redis.call('ZRANGE', KEYS[2], 0, 0)[1] then return grant(KEYS[1], KEYS[4], ARGV[1], ARGV[2]) end
