-- KEYS[1]  the leases of a partition; every other key begins as this one does
-- ARGV     what the keys of the partition begin with, how much is taken out at the most, up to when (ms; or nothing: whenever)
-- Replies whether there is more (1 or 0), in how many ms the next thing ends (or nothing), the time (ms), then what `tell` tells.
local LEASES = 16
local left = tonumber(ARGV[2])
-- It lay here while the server stood still, and leases ended that nobody could renew.
if ARGV[3] ~= '' and now > tonumber(ARGV[3]) then left = 0 end

local function each_entry(at, carry_out)
  local name, user, id = string.match(at, '^([^\1]*)\1([^\1]*)\1(.*)$')
  local channel = find_channel(name)
  if not channel then return end
  local entries = entries_of(name, user)
  local entry = find_entry(entries, id)
  if entry then carry_out(name, channel, user, id, entries, entry) end
end

local function lapse(name, channel, user, id, entries, entry)
  local rest = nil
  -- By its own time it goes at once.
  if entry.linger ~= '' and not (entry.ends ~= '' and tonumber(entry.ends) <= now) then
    rest = { lease = '', rank = 0, ends = whole(now + tonumber(entry.linger)), linger = '', value = entry.value }
  end
  put(name, channel, user, id, entries, rest)
end

for _, lease in ipairs(redis.call('ZRANGEBYSCORE', BASE .. 'leases', '-inf', whole(now), 'LIMIT', 0, LEASES)) do
  if left <= 0 then break end
  local own = redis.call('SPOP', BASE .. 'own:' .. lease, left)
  for _, at in ipairs(own) do each_entry(at, lapse) end
  if #own < left then
    redis.call('ZREM', BASE .. 'leases', lease)
    redis.call('HDEL', BASE .. 'turns', lease)
  end
  left = left - math.max(1, #own)
end

if left > 0 then
  local over = redis.call('ZRANGEBYSCORE', BASE .. 'due', '-inf', whole(now), 'LIMIT', 0, left)
  if #over > 0 then redis.call('ZREM', BASE .. 'due', unpack(over)) end
  for _, at in ipairs(over) do
    each_entry(at, function(name, channel, user, id, entries) put(name, channel, user, id, entries, nil) end)
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
