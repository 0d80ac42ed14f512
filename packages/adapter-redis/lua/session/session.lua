-- What the scripts over sessions share; put before each of them, behind bus/history.lua. Keys are told in src/session/keys.ts. Each script is given
-- the key of one session, or of one user, of the partition that it works in; all others are of the same one.
local NOTHING = '\0'

-- The session that there is; otherwise nothing, and who has destroyed it, if somebody has, or given it the id that is told then.
local function find(base, id, now)
  local row = redis.call('HMGET', base .. 's:' .. id, 'v', 'u', 't', 'l', 'e', 'n')
  if row[5] then return nil, row[5], row[6] end
  if not row[1] or tonumber(row[3]) <= now then return nil end
  return { version = row[1], user = row[2], last = tonumber(row[4]) }
end

-- The id that a session has by now, and what `find` says of it. If it is told for how long, the stones on the way stay as if they were put now.
local function last_of(base, id, now, stone)
  local session, ended, next = find(base, id, now)
  while ended do
    local key = base .. 's:' .. id
    if stone and redis.call('PTTL', key) < tonumber(stone) then redis.call('PEXPIRE', key, stone) end
    if not next then break end
    id = next
    session, ended, next = find(base, id, now)
  end
  return id, session, ended
end

-- Takes out of a list what is over, and lets it live as long as the last of it.
local function tidy(key, now)
  redis.call('ZREMRANGEBYSCORE', key, '-inf', whole(now))
  local last = redis.call('ZRANGE', key, -1, -1, 'WITHSCORES')
  if last[2] then redis.call('PEXPIREAT', key, whole(last[2])) end
end

local function enlist(base, id, user, ends, now)
  if user == '' then return end
  local key = base .. 'u:' .. user
  redis.call('ZADD', key, whole(ends), id)
  tidy(key, now)
end

local function delist(base, id, user)
  if user ~= '' then redis.call('ZREM', base .. 'u:' .. user, id) end
end

-- The session is seen, and lives on from now.
local function see(base, id, user, last, idle, now)
  local key = base .. 's:' .. id
  local ends = math.min(now + tonumber(idle), last)
  redis.call('HSET', key, 's', whole(now), 't', whole(ends), 'l', whole(last))
  redis.call('PEXPIREAT', key, whole(ends))
  enlist(base, id, user, ends, now)
end

-- Under what was a session, or nothing at all, and perhaps is one under another id.
local function put_stone(base, id, token, stone, next)
  local key = base .. 's:' .. id
  redis.call('DEL', key)
  redis.call('HSET', key, 'e', token)
  if next then redis.call('HSET', key, 'n', next) end
  redis.call('PEXPIRE', key, stone)
end

local function destroy(base, id, session, token, stone)
  delist(base, id, session.user)
  put_stone(base, id, token, stone)
end

-- Sets fields that are something.
local function set_given(key, ...)
  local words = { ... }
  for i = 1, #words, 2 do
    if words[i + 1] ~= NOTHING then redis.call('HSET', key, words[i], words[i + 1]) end
  end
end
