-- What the scripts over a sequence share; put before each of them. A sequence counts messages of a channel within an epoch, so that a
-- receiver knows whether it has them all; it gets a new epoch whenever it was lost.
local function ensure_epoch(key)
  local epoch = redis.pcall('HGET', key, 'epoch')
  if type(epoch) == 'string' then return epoch end
  local time = redis.call('TIME')
  epoch = string.format('%.0f', time[1] * 1000000 + time[2])
  -- Whatever stood there is not ours.
  redis.call('DEL', key)
  redis.call('HSET', key, 'epoch', epoch, 'last', 0)
  return epoch
end
