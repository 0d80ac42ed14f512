-- What the scripts over guards share; put before each of them. The rules of epochs are those of `@parley/cache-core`: the server's clock in
-- microseconds, even where the guard was made, odd where it was raised, and always above the last.
local function server_micros()
  local time = redis.call('TIME')
  return time[1] * 1000000 + time[2]
end

-- The epoch of a guard; nil for none, and for anything that somebody else put under the key.
local function read_epoch(key)
  local raw = redis.pcall('GET', key)
  if type(raw) ~= 'string' or not string.find(raw, '^%d+$') then return nil end
  return tonumber(raw)
end

local function as_text(number)
  return string.format('%.0f', number)
end

-- A quarter longer than asked for, so that not every use of a guard has to write its new end.
local function keep_epoch(key, epoch, keep)
  local longer = math.max(tonumber(keep) * 1.25, redis.call('PTTL', key))
  redis.call('SET', key, as_text(epoch), 'PX', as_text(longer))
end
