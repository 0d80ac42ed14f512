-- KEYS     for each channel: hash, stream, and the directory of its topic where it is wide; then a key for each `once` of its records
-- ARGV[1]  PUBLISH or SPUBLISH
-- ARGV[2]  a text that no other process has, for nonces
-- ARGV     for each channel: name, where it is told, where its topic is told (or nothing), how many records are kept, for how long (ms),
--          the number of records; then for each record "<id> <body>", and before it, where one of them is there, " <within how many ms it
--          may have come already> <for how long its `once` holds (ms)>"
-- Replies with a line for each channel: epoch, time, last offset, then of each record that was there already its number, offset and time. The
-- others have the last offsets in their order, and are told in one message. A list of lists would take the server longer than all of this.
local PUSHED = 65536
-- A clock that was set, and the other clock of a master that was lost.
local MARGIN = 5000
local PAGE = 100
local SPACE, TILDE = 32, 126
-- Longer than a connection that was given up may still be tried by its kernel, once the network is whole again.
local LATE = 900000

-- Where these ids are among the records since then; the latest page is always looked through, whatever the clocks say.
local function find_ids(stream, wanted, count, since)
  local found = {}
  local before = '+'
  while count > 0 do
    local entries = redis.call('XREVRANGE', stream, before, '-', 'COUNT', PAGE)
    for _, entry in ipairs(entries) do
      local id = string.match(entry[2][2], '^[^ ]*')
      if wanted[id] and not found[id] then
        local offset, at = string.match(entry[1], '^(%d+)-(%d+)$')
        found[id] = { tonumber(offset), tonumber(at) }
        count = count - 1
      end
    end
    local last = entries[PAGE]
    if last == nil or tonumber(string.match(last[1], '-(%d+)$')) < since then break end
    before = '(' .. last[1]
  end
  return found
end

local function find_repeated(stream, argument, number, now)
  local wanted, count, since = {}, 0, now
  for _ = 1, number do
    local may_be = string.match(ARGV[argument], '^ (%d*)')
    if may_be then argument = argument + 1 end
    if may_be and may_be ~= '' then
      local id = string.match(ARGV[argument], '^[^ ]*')
      if not wanted[id] then count = count + 1 end
      wanted[id] = true
      since = math.min(since, now - may_be - MARGIN)
    end
    argument = argument + 1
  end
  return find_ids(stream, wanted, count, since)
end

-- The place that a key of `once` holds in this log; false for none, or in a log that is gone.
local function read_once(key, nonce)
  local held = redis.pcall('GET', key)
  if type(held) ~= 'string' then return false end
  local of, offset, at = string.match(held, '^(%S+) (%d+) (%d+)$')
  return of == nonce and { tonumber(offset), tonumber(at) }
end

-- Where a record is that was sent again; false for what was not. A sending of it that was given up may come long after the one that was
-- answered, behind any number of other records, and does not say that there was another.
local function read_sent_again(hash, id)
  local offset, at = string.match(redis.call('HGET', hash, '~' .. id) or '', '^(%d+) (%d+)$')
  return offset and { tonumber(offset), tonumber(at) }
end

-- Whether there is anything left to look at.
local function forget_sent_again(hash, now)
  local gone, left = {}, false
  local fields = redis.call('HGETALL', hash)
  for i = 1, #fields, 2 do
    if string.byte(fields[i]) == TILDE then
      if tonumber(string.match(fields[i + 1], '%d+$')) + LATE < now then gone[#gone + 1] = fields[i] else left = true end
    end
  end
  for i = 1, #gone, PAGE do
    redis.call('HDEL', hash, unpack(gone, i, math.min(i + PAGE - 1, #gone)))
  end
  if left then redis.call('HSET', hash, 'f', whole(now + LATE)) else redis.call('HDEL', hash, 'f') end
  return left
end

-- What is done when a quarter more than asked for has been used up, so that few appends have to: the keys live on, what is too old goes.
local function renew(hash, stream, log, now, keep, stamp, directory, name)
  local look_at = log.look_at
  if now > look_at or keep < log.keep then look_at = math.ceil(trim_by_age(stream, log, now, keep)) end
  log.keep_until = math.max(log.keep_until, now + math.ceil(keep * 1.25))
  redis.call('PEXPIRE', stream, whole(log.keep_until - now))
  redis.call('PEXPIRE', hash, whole(log.keep_until - now + DAY))
  local again_at = math.min(log.keep_until - keep, look_at)
  redis.call('HSET', hash, 'u', whole(log.keep_until), 'k', whole(keep), 'a', whole(look_at), 's', stamp, 'r', whole(again_at))
  if directory then
    redis.call('ZADD', directory, 0, name)
    local lives = math.max(redis.call('PTTL', directory), log.keep_until - now + DAY)
    redis.call('PEXPIRE', directory, whole(lives))
  end
end

local now, micros = server_time()
local history = server_history()
local at = string.sub(micros, 1, -4)
local replies = {}
local argument, next_key = 3, 1
while argument <= #ARGV do
  local name, told_to, topic_to = ARGV[argument], ARGV[argument + 1], ARGV[argument + 2]
  local count, keep, number = ARGV[argument + 3], ARGV[argument + 4], tonumber(ARGV[argument + 5])
  local first = argument + 6
  argument = first
  local hash, stream = KEYS[next_key], KEYS[next_key + 1]
  next_key = next_key + 2
  local directory = false
  if topic_to ~= '' then
    directory = KEYS[next_key]
    next_key = next_key + 1
  end

  local log = false
  local fields = redis.pcall('HMGET', hash, 'n', 't', 's', 'r', 'f')
  local nonce, top = fields[1], tonumber(fields[2] or 0)
  local stamp = history .. ' ' .. keep .. (directory and ' wide' or '')
  if fields.err or not nonce then
    log = make_log(hash, stream, micros .. ARGV[2], history)
    nonce, top, fields = log.nonce, 0, {}
  elseif fields[3] ~= stamp or now > tonumber(fields[4]) then
    log = find_log(hash)
    if log.history ~= history then
      log.lineage = lineage_of(log, history)
      redis.call('HSET', hash, 'h', history, 'l', log.lineage)
    end
  end
  local epoch = epoch_of(nonce, history)
  local look_for_late = fields[5]
  if look_for_late and now > tonumber(look_for_late) then look_for_late = forget_sent_again(hash, now) end
  local sent_again = {}
  local repeated = false
  local known = ''
  local fresh, bytes, before = {}, 0, top
  for i = 0, number - 1 do
    local text = ARGV[argument]
    local once_key, once_for, may_be, held = false, '', '', false
    if string.byte(text) == SPACE then
      may_be, once_for = string.match(text, '^ (%d*) (%d*)$')
      argument = argument + 1
      text = ARGV[argument]
      if once_for ~= '' then
        once_key = KEYS[next_key]
        next_key = next_key + 1
        held = read_once(once_key, nonce)
      end
    end
    local id = (look_for_late or may_be ~= '') and string.match(text, '^[^ ]*')
    if not held and look_for_late then held = read_sent_again(hash, id) end
    if not held and may_be ~= '' then
      repeated = repeated or find_repeated(stream, first, number, now)
      held = repeated[id]
    end
    argument = argument + 1
    if held then
      known = known .. ' ' .. i .. ' ' .. held[1] .. ' ' .. held[2]
    else
      top = top + 1
      local place = top .. '-' .. at
      -- A stream that was evicted is made anew, and must end some day like any other.
      if log or not redis.call('XADD', stream, 'NOMKSTREAM', 'MAXLEN', '~', count, place, 'r', text) then
        log = log or find_log(hash)
        redis.call('XADD', stream, 'MAXLEN', '~', count, place, 'r', text)
      end
      if once_key then redis.call('SET', once_key, nonce .. ' ' .. top .. ' ' .. at, 'PX', once_for) end
      fresh[#fresh + 1] = text
      bytes = bytes + #text
    end
    if may_be ~= '' then
      sent_again[#sent_again + 1] = '~' .. id
      sent_again[#sent_again + 1] = held and held[1] .. ' ' .. held[2] or top .. ' ' .. at
    end
  end
  if #sent_again > 0 then
    redis.call('HSETNX', hash, 'f', whole(now + LATE))
    redis.call('HSET', hash, unpack(sent_again))
  end

  if #fresh > 0 then
    redis.call('HSET', hash, 't', top)
    local about = epoch .. ' ' .. (bytes > PUSHED and top or before + 1) .. ' ' .. at .. ' ' .. name
    if log then
      log.top = top
      renew(hash, stream, log, now, tonumber(keep), stamp, directory, name)
    end
    local message = bytes > PUSHED and 'A' .. about or 'R' .. about .. '\0' .. table.concat(fresh, '\0')
    redis.call(ARGV[1], told_to, message)
    if directory then redis.call(ARGV[1], topic_to, message) end
  end
  replies[#replies + 1] = epoch .. ' ' .. at .. ' ' .. top .. known
end
return table.concat(replies, '\n')
