-- KEYS     for each channel: its users, about it, its log
-- ARGV     for each channel: an epoch (nothing for that of an empty channel, - for none), an offset, how many members at the most
-- Replies the time (ms), then for each channel "<epoch> <top> <when> <users> <entries> <d for diffs, m for members>" and a text: diffs joined by
-- NUL, or members joined by two, of each its name and its entries joined by one. A list of lists would take longer.
-- All keys are declared: of a slot that moves the server answers only for channels that it has whole.
local now = server_time()
local history, is_master = server_history()
if not is_master then return redis.error_reply('READONLY a replica may not have everything yet') end
local replies = { whole(now) }

local function members_of(users, count, limit)
  if limit == 0 or count == 0 then return '' end
  local fields = count <= limit and redis.call('HGETALL', users) or redis.call('HRANDFIELD', users, limit, 'WITHVALUES')
  -- Entries end with a NUL, so that one more makes two between members; none is to be behind the last one. Putting each member together by
  -- itself would take longer, and so would cutting the whole.
  fields[#fields] = string.sub(fields[#fields], 1, -2)
  return table.concat(fields, '\0')
end

for i = 1, #KEYS / 3 do
  local users, about, log = KEYS[3 * i - 2], KEYS[3 * i - 1], KEYS[3 * i]
  local epoch, offset, limit = ARGV[3 * i - 2], tonumber(ARGV[3 * i - 1]), tonumber(ARGV[3 * i])
  local nonce, top, count, at
  local known = redis.call('GET', about)
  if known then
    nonce, top, count, at = string.match(known, '^(%S+) (%d+) %d+ (%d+) %d+ (%d+)$')
  end
  if not nonce then
    replies[#replies + 1] = ' 0 0 0 0 m'
    replies[#replies + 1] = ''
  else
    local here = nonce .. '.' .. history
    local missing = tonumber(top) - offset
    local ours = epoch == here or (epoch == '' and offset == 0)
    local follows = ours and missing >= 0 and missing <= redis.call('LLEN', log)
    local number = redis.call('HLEN', users)
    replies[#replies + 1] = table.concat({ here, top, at, number, count, follows and 'd' or 'm' }, ' ')
    if not follows then
      replies[#replies + 1] = members_of(users, number, limit)
    elseif missing == 0 then
      replies[#replies + 1] = ''
    else
      replies[#replies + 1] = table.concat(redis.call('LRANGE', log, whole(-missing), -1), '\0')
    end
  end
end
return replies
