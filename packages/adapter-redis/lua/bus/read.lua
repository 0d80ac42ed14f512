-- KEYS     for each channel: hash, stream
-- ARGV[1]  a text that no other process has, for nonces
-- ARGV     for each channel: the epoch behind which is read (or nothing), the offset, how many records
-- Replies for each channel {epoch, last offset, oldest offset, lineage, then the records: id in the stream, text}. A log that nobody has written
-- to is made, so that its epoch lasts.
local BYTES = 1048576
local MOST_AT_ONCE = 16

-- At least one record where there are some, and not much more than the bytes that are left.
local function read_records(reply, stream, from, limit, bytes)
  local chunk = 1
  while limit > 0 do
    local asked = math.min(chunk, limit)
    local entries = redis.call('XRANGE', stream, from, '+', 'COUNT', asked)
    for _, entry in ipairs(entries) do
      reply[#reply + 1] = entry[1]
      reply[#reply + 1] = entry[2][2]
      bytes = bytes - #entry[2][2]
    end
    if #entries < asked or bytes <= 0 then break end
    limit = limit - asked
    from = '(' .. entries[asked][1]
    chunk = math.min(chunk * 2, MOST_AT_ONCE)
  end
  return bytes
end

local history, is_master = server_history()
if not is_master then return redis.error_reply('READONLY a replica may not have the whole log yet') end
local now, micros = server_time()
local replies = {}
local bytes = BYTES
for i = 1, #KEYS / 2 do
  local hash, stream = KEYS[2 * i - 1], KEYS[2 * i]
  local after_epoch, after, limit = ARGV[3 * i - 1], tonumber(ARGV[3 * i]), tonumber(ARGV[3 * i + 1])
  local log = find_log(hash)
  if not log then
    log = make_log(hash, stream, micros .. ARGV[1], history)
  elseif redis.call('PTTL', hash) < DAY / 2 then
    redis.call('PEXPIRE', hash, DAY)
  end
  if log.look_at > 0 and now > log.look_at then
    redis.call('HSET', hash, 'a', whole(math.ceil(trim_by_age(stream, log, now, log.keep))))
  end
  local epoch = epoch_of(log.nonce, history)
  local oldest = log.top - redis.call('XLEN', stream) + 1
  local reply = { epoch, log.top, oldest, lineage_of(log, history) }
  if limit > 0 and oldest <= log.top and (after_epoch == '' or after_epoch == epoch) then
    bytes = read_records(reply, stream, whole(math.max(after + 1, oldest)), limit, bytes)
  end
  replies[i] = reply
end
return replies
