-- KEYS     the lock, its queue, when places in it end, the last fence of the partition
-- ARGV     token, lease (ms), claim (ms), PUBLISH or SPUBLISH, what the channels of ears begin with, the key of the application,
--          and for whoever waits: ear, for how long its place is kept (ms)
-- Replies the fence when it is granted; otherwise 0 or below, the negative of the ms for which it is held or kept for another.
local lock, queue, ends, fences = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local token, lease, claim, publish, channel, key, ear, keep = unpack(ARGV)
local own = ear and ear .. ' ' .. token
local owner, is_held, fence = owner_of(lock)

if owner == token and is_held then
  redis.call('PEXPIRE', lock, lease)
  return tonumber(fence)
end

if owner == token or (not owner and not hand_on(lock, queue, ends, own, claim, publish, channel, key)) then
  if own then leave(queue, ends, own) end
  return grant(lock, fences, token, lease)
end

if own then
  if not redis.call('ZSCORE', queue, own) then
    local last = redis.call('ZRANGE', queue, -1, -1, 'WITHSCORES')[2]
    redis.call('ZADD', queue, (tonumber(last) or 0) + 1, own)
  end
  redis.call('ZADD', ends, now_ms() + tonumber(keep), own)
  if redis.call('PTTL', queue) < tonumber(keep) then
    redis.call('PEXPIRE', queue, keep)
    redis.call('PEXPIRE', ends, keep)
  end
end
return -math.max(0, redis.call('PTTL', lock))
