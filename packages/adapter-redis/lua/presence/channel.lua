-- What the scripts of presence that change something share. ARGV[1] is what the keys of the partition begin with, with its hash tag. Not all
-- of them can be named before the call, since reaping finds out what to change; those under this beginning are all of one slot:
--   leases     a sorted set of leases by when they end (ms)
--   turns      a hash of the last turn of each lease
--   own:<l>    a set of the entries of a lease
--   due        a sorted set of the entries that end by their own time (ms)
--   idle       a sorted set of the channels that nobody is in, by when they are forgotten (ms)
--   u:<c>      a hash of the users in a channel: of each its entries, each with a NUL behind it. An entry is
--              <id> <lease, or nothing> <rank> <number of its setting> <when it ends, or nothing> <for how long it lingers, or nothing> <value>
--   m:<c>      about a channel: <nonce> <top> <number of settings> <entries> <idle ms> <when the last diff was appended>
--   l:<c>      its log: of each diff <event> <when> <when the entry ends, or nothing> <user> <rank> <value>
-- Parts are joined by \1, which no name has, and the value is the last one; an entry is named by channel, user and id.
local BASE = ARGV[1]
local LOG = 128

-- While a slot moves from one server of a Cluster to another, some of its keys are here and some there. A script that comes upon one that is not
-- here fails in its middle, and what it has done stays; or it takes what has not arrived yet for nothing. So nothing is done then: of a
-- slot that moves, no command may name several keys of which one does not exist, and `none` never does.
local at_once = redis.pcall('MGET', BASE .. 'leases', BASE .. 'none')
if at_once.err then
  if not string.find(at_once.err, 'non local key', 1, true) then return at_once end
  return redis.error_reply('TRYAGAIN the slot of presence moves to another server')
end

local now, micros = server_time()
local history = server_history()
local channels, order = {}, {}

local function entry_name(channel, user, id)
  return channel .. '\1' .. user .. '\1' .. id
end

local function read_entries(text)
  local entries = {}
  for part in string.gmatch(text or '', '[^%z]+') do
    local id, lease, rank, set, ends, linger, value =
      string.match(part, '^([^\1]*)\1([^\1]*)\1(%d)\1(%d+)\1(%d*)\1(%d*)\1(.*)$')
    entries[#entries + 1] = {
      id = id,
      lease = lease,
      rank = tonumber(rank),
      set = tonumber(set),
      ends = ends,
      linger = linger,
      value = value,
      text = part,
    }
  end
  return entries
end

local function told_of(entries)
  local told = entries[1]
  for i = 2, #entries do
    local entry = entries[i]
    if entry.rank > told.rank or (entry.rank == told.rank and entry.set > told.set) then told = entry end
  end
  return told
end

-- The channel; with a nonce it is made where there is none.
local function find_channel(name, nonce)
  local channel = channels[name]
  if channel then return channel end
  local about = redis.call('GET', BASE .. 'm:' .. name)
  if about then
    local of, top, sets, count, idle, at = string.match(about, '^(%S+) (%d+) (%d+) (%d+) (%d+) (%d+)$')
    channel = {
      nonce = of,
      top = tonumber(top),
      sets = tonumber(sets),
      count = tonumber(count),
      idle = tonumber(idle),
      at = at,
    }
  elseif nonce then
    channel = { nonce = micros .. nonce, top = 0, sets = 0, count = 0, idle = 0, at = '0' }
  else
    return nil
  end
  channel.was_empty = channel.count == 0
  channel.diffs = {}
  channels[name] = channel
  order[#order + 1] = name
  return channel
end

local function entries_of(name, user)
  return read_entries(redis.call('HGET', BASE .. 'u:' .. name, user))
end

local function find_entry(entries, id)
  for i, entry in ipairs(entries) do
    if entry.id == id then return entry, i end
  end
end

local function append(channel, user, before, told)
  if before and told and before.rank == told.rank and before.value == told.value then return end
  if not before and not told then return end
  local event = before and (told and 'u' or 'l') or 'j'
  local ends, rank, value = '', 0, ''
  if told then ends, rank, value = told.ends, told.rank, told.value end
  channel.top = channel.top + 1
  channel.at = whole(now)
  channel.diffs[#channel.diffs + 1] = table.concat({ event, channel.at, ends, user, rank, value }, '\1')
end

-- Puts the entry in place of the one with its id, or takes that away, with everything that points to it.
local function put(name, channel, user, id, entries, entry)
  local before = told_of(entries)
  local old, place = find_entry(entries, id)
  local at = entry_name(name, user, id)
  if old then
    if old.lease ~= '' and not (entry and entry.lease == old.lease) then
      redis.call('SREM', BASE .. 'own:' .. old.lease, at)
    end
    if old.ends ~= '' and not (entry and entry.ends ~= '') then redis.call('ZREM', BASE .. 'due', at) end
  end
  if entry then
    if old and old.rank == entry.rank and old.value == entry.value then
      entry.set = old.set
    else
      channel.sets = channel.sets + 1
      entry.set = channel.sets
    end
    entry.id = id
    entry.text = table.concat({ id, entry.lease, entry.rank, whole(entry.set), entry.ends, entry.linger, entry.value }, '\1')
    if entry.lease ~= '' and not (old and old.lease == entry.lease) then
      redis.call('SADD', BASE .. 'own:' .. entry.lease, at)
    end
    if entry.ends ~= '' then redis.call('ZADD', BASE .. 'due', entry.ends, at) end
    entries[place or #entries + 1] = entry
    if not old then channel.count = channel.count + 1 end
  elseif old then
    table.remove(entries, place)
    channel.count = channel.count - 1
  end
  if #entries == 0 then
    redis.call('HDEL', BASE .. 'u:' .. name, user)
  else
    local texts = {}
    for i, each in ipairs(entries) do texts[i] = each.text end
    redis.call('HSET', BASE .. 'u:' .. name, user, table.concat(texts, '\0') .. '\0')
  end
  append(channel, user, before, told_of(entries))
  channel.changed = true
end

local function is_held(lease)
  local ends = redis.call('ZSCORE', BASE .. 'leases', lease)
  return ends and tonumber(ends) > now
end

-- Writes what is left to be written of the channels that were changed.
local function finish()
  for _, name in ipairs(order) do
    local channel = channels[name]
    if channel.changed then
      local about = { channel.nonce, whole(channel.top), whole(channel.sets), channel.count, whole(channel.idle), channel.at }
      redis.call('SET', BASE .. 'm:' .. name, table.concat(about, ' '))
      if #channel.diffs > 0 then
        local log = BASE .. 'l:' .. name
        if redis.call('RPUSH', log, unpack(channel.diffs)) > LOG * 1.25 then redis.call('LTRIM', log, -LOG, -1) end
      end
      if channel.count == 0 then
        redis.call('ZADD', BASE .. 'idle', whole(now + channel.idle), name)
      elseif channel.was_empty then
        redis.call('ZREM', BASE .. 'idle', name)
      end
    end
  end
end

-- For each channel that diffs were appended to: its name, its epoch, the offset of the first one, and the diffs joined by NUL.
local function tell(replies)
  for _, name in ipairs(order) do
    local channel = channels[name]
    if #channel.diffs > 0 then
      replies[#replies + 1] = name
      replies[#replies + 1] = channel.nonce .. '.' .. history
      replies[#replies + 1] = whole(channel.top - #channel.diffs + 1)
      replies[#replies + 1] = table.concat(channel.diffs, '\0')
    end
  end
  return replies
end
