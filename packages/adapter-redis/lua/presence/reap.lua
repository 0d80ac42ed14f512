-- KEYS[1]  the leases of a partition; every other key begins as this one does
-- ARGV     what the keys of the partition begin with, how much is taken out at the most, up to when (ms; or nothing: whenever)
-- Replies whether there is more (1 or 0), in how many ms the next thing ends (or nothing), the time (ms), then what `tell` tells.
local LEASES = 16
local left = tonumber(ARGV[2])
-- It lay here while the server stood still, and leases ended that nobody could renew.
if ARGV[3] ~= '' and now > tonumber(ARGV[3]) then left = 0 end

-- Names are not taken out beforehand: a script that fails is not undone, and an entry that nothing names would stay for ever.
local function find_named(at)
  local name, user, id = string.match(at, '^([^\1]*)\1([^\1]*)\1(.*)$')
  local channel = find_channel(name)
  local entries = channel and entries_of(name, user) or {}
  local entry = find_entry(entries, id)
  return entry, function(rest) put(name, channel, user, id, entries, rest) end
end

-- What is left of an entry whose lease is over. By its own time it goes at once.
local function rest_of(entry)
  if entry.linger == '' or (entry.ends ~= '' and tonumber(entry.ends) <= now) then return nil end
  return { lease = '', rank = 0, ends = whole(now + tonumber(entry.linger)), linger = '', value = entry.value }
end

for _, lease in ipairs(redis.call('ZRANGEBYSCORE', BASE .. 'leases', '-inf', whole(now), 'LIMIT', 0, LEASES)) do
  if left <= 0 then break end
  local names = BASE .. 'own:' .. lease
  local own = redis.call('SRANDMEMBER', names, left)
  for _, at in ipairs(own) do
    local entry, replace = find_named(at)
    if entry and entry.lease == lease then
      replace(rest_of(entry))
    else
      redis.call('SREM', names, at)
    end
  end
  if #own < left then
    redis.call('ZREM', BASE .. 'leases', lease)
    redis.call('HDEL', BASE .. 'turns', lease)
  end
  left = left - math.max(1, #own)
end

if left > 0 then
  local over = redis.call('ZRANGEBYSCORE', BASE .. 'due', '-inf', whole(now), 'LIMIT', 0, left)
  for _, at in ipairs(over) do
    local entry, replace = find_named(at)
    if entry and entry.ends ~= '' then
      replace(nil)
    else
      redis.call('ZREM', BASE .. 'due', at)
    end
  end
  left = left - #over
end
finish()

if left > 0 then
  for _, name in ipairs(redis.call('ZRANGEBYSCORE', BASE .. 'idle', '-inf', whole(now), 'LIMIT', 0, left)) do
    redis.call('DEL', BASE .. 'u:' .. name, BASE .. 'm:' .. name, BASE .. 'l:' .. name)
    redis.call('ZREM', BASE .. 'idle', name)
  end
end

local next_at = nil
for _, key in ipairs({ 'leases', 'due', 'idle' }) do
  local first = tonumber(redis.call('ZRANGE', BASE .. key, 0, 0, 'WITHSCORES')[2])
  if first and (not next_at or first < next_at) then next_at = first end
end
local more = next_at and next_at <= now
return tell({ more and 1 or 0, next_at and whole(math.max(0, next_at - now)) or '', whole(now) })
