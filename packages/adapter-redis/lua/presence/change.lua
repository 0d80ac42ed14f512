-- KEYS[1]  the leases of a partition; every other key begins as this one does
-- ARGV[1]  what the keys of the partition begin with
-- ARGV     lease, turn, the former lease or nothing, a text that no other process has, then each change, its parts joined by \1:
--          <channel> <user> <id> R, or <channel> <user> <id> S <rank> <take: 1 or 0> <owned: 1 or 0> <for ms, or nothing> <linger ms, or
--          nothing> <idle ms> <value>
-- Replies done, lapsed or late; the time (ms); a letter for each change (d for done, s for same, t for taken); then what `tell` tells.
local FIRST = 6
local lease, turn, former, nonce = ARGV[2], tonumber(ARGV[3]), ARGV[4], ARGV[5]

if not is_held(lease) then return { 'lapsed' } end
local last = tonumber(redis.call('HGET', BASE .. 'turns', lease) or 0)
if turn <= last then return { 'late' } end
redis.call('HSET', BASE .. 'turns', lease, ARGV[3])

local others = {}
local function is_held_by_another(holder)
  if others[holder] == nil then others[holder] = is_held(holder) and true or false end
  return others[holder]
end

local function remove(name, user, id)
  local channel = find_channel(name)
  if not channel then return 's' end
  local entries = entries_of(name, user)
  local old = find_entry(entries, id)
  if not old then return 's' end
  if old.lease ~= '' and old.lease ~= lease and old.lease ~= former then return 't' end
  put(name, channel, user, id, entries, nil)
  return 'd'
end

local function set(name, user, id, rest)
  local rank, take, owned, lasts, linger, idle, value =
    string.match(rest, '^(%d)\1(%d)\1(%d)\1(%d*)\1(%d*)\1(%d+)\1(.*)$')
  local channel = find_channel(name, nonce)
  local entries = entries_of(name, user)
  local old = find_entry(entries, id)
  if old and old.lease ~= '' and old.lease ~= lease and old.lease ~= former and take == '0' then
    if is_held_by_another(old.lease) then return 't' end
  end
  local entry = {
    lease = owned == '1' and lease or '',
    rank = tonumber(rank),
    ends = lasts ~= '' and whole(now + tonumber(lasts)) or '',
    linger = linger,
    value = value,
  }
  local same = old and old.rank == entry.rank and old.value == value and old.lease == entry.lease
  channel.idle = math.max(channel.idle, tonumber(idle))
  put(name, channel, user, id, entries, entry)
  return same and 's' or 'd'
end

local outcomes = {}
for i = FIRST, #ARGV do
  local name, user, id, kind, rest = string.match(ARGV[i], '^([^\1]*)\1([^\1]*)\1([^\1]*)\1([RS])\1?(.*)$')
  outcomes[#outcomes + 1] = kind == 'S' and set(name, user, id, rest) or remove(name, user, id)
end
finish()
return tell({ 'done', whole(now), table.concat(outcomes) })
