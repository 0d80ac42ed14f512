-- What the scripts over logs share. A log is a stream whose ids are <offset>-<time in ms>, without holes, and a hash that outlives it:
--   n  a nonce, made with the hash: whatever was in a log without it belongs to nobody
--   h  the history of writes under which the last record was appended
--   t  the last offset that was given out
--   l  earlier epochs, latest first, each as "<epoch> <offset>": up to there they are the same as this one
--   u  until when the stream is kept (ms), and k, for how long a record is
--   a  when its oldest record has to be looked at (ms); 0 when there is none
--   ~  and an id: "<offset> <time>" of a record that was sent again, and f, when (ms) it is time to forget the first of these
--   s  what its next append must have in common with the last one for everything but n and t to stay, and r, until when that holds (ms)
-- An epoch is the nonce and the history that the server has now: so reading gives the same one as the next append, and writes nothing.
local DAY = 86400000
local LINEAGE = 8

local function epoch_of(nonce, history)
  return nonce .. '.' .. history
end

-- The hash of a log; false for none, and for what somebody else put there.
local function find_log(hash)
  local fields = redis.pcall('HMGET', hash, 'n', 'h', 't', 'l', 'u', 'k', 'a')
  if fields.err or not fields[1] then return false end
  return {
    nonce = fields[1],
    history = fields[2],
    top = tonumber(fields[3]),
    lineage = fields[4] or '',
    keep_until = tonumber(fields[5] or 0),
    keep = tonumber(fields[6] or 0),
    look_at = tonumber(fields[7] or 0),
  }
end

local function make_log(hash, stream, nonce, history)
  redis.call('DEL', hash, stream)
  redis.call('HSET', hash, 'n', nonce, 'h', history, 't', 0)
  redis.call('PEXPIRE', hash, DAY)
  return {
    nonce = nonce,
    history = history,
    top = 0,
    lineage = '',
    keep_until = 0,
    keep = 0,
    look_at = 0,
  }
end

-- The lineage of what this server has, under its own history: the log is the same as before up to the last record that is here.
local function lineage_of(log, history)
  if log.history == history then return log.lineage end
  local all = epoch_of(log.nonce, log.history) .. ' ' .. log.top
  local count = 1
  for earlier in string.gmatch(log.lineage, '[^,]+') do
    count = count + 1
    if count > LINEAGE then break end
    all = all .. ',' .. earlier
  end
  return all
end

local function time_of(stream, offset)
  local entry = redis.call('XRANGE', stream, offset, offset)[1]
  return entry and tonumber(string.match(entry[1], '-(%d+)$'))
end

-- Removes what is older than `keep`, and returns when to look again. Offsets have no holes, so the first that stays is found by halving.
local function trim_by_age(stream, log, now, keep)
  local length = redis.call('XLEN', stream)
  if length == 0 then return 0 end
  local low, high = log.top - length + 1, log.top + 1
  local oldest = time_of(stream, low)
  if oldest == nil then return 0 end
  if oldest >= now - keep then return oldest + keep * 1.25 end
  while high - low > 1 do
    local middle = math.floor((low + high) / 2)
    local at = time_of(stream, middle)
    if at ~= nil and at >= now - keep then high = middle else low = middle end
  end
  if high > log.top then
    redis.call('DEL', stream)
    return 0
  end
  redis.call('XTRIM', stream, 'MINID', high)
  return time_of(stream, high) + keep * 1.25
end
