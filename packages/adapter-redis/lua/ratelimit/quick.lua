-- Nearly every request is about levels (gcra, bucket) that admit it, and about nobody who was ever blocked: those are decided here, and where a
-- call has no others, nothing of what the other kinds need is even made. The first request that is not one of them is left to `take.lua`.
local at, last = 8 * ARGV[1] + 2, #ARGV
local key_at, done = 1, 0
local out, size = { pack('<d', now) }, 1
local texts = redis.call('MGET', unpack(KEYS))

-- The debts that were decided here, as of now: the place of each key among them, and what is known of it there.
local places, names, debts, limits, ends, kept = {}, {}, {}, {}, {}, 0
-- What is kept of a key that was left to `take.lua`.
local accounts = {}

-- Begins to keep a debt here, and answers its place; nil where the key holds more than one.
local function open_debt(index, limit)
  local key = KEYS[index]
  if accounts[key] then return nil end
  local raw = texts[index]
  local debt, til = 0, 0
  if raw then
    local since
    if #raw == 24 then
      debt, since, til = parse('<ddd', raw)
    elseif #raw == 16 then
      debt, since = parse('<dd', raw)
    else
      return nil
    end
    if since < now then debt = max(0, debt - (now - since) * limit) end
  end
  kept = kept + 1
  places[key], names[kept], debts[kept], ends[kept] = kept, key, debt, til
  return kept
end

-- Setting when a key ends costs the server as much as all the rest of a check. So it is set to twice the time that is needed, and kept while that
-- is enough: who comes often pays for it now and then.
local function write_debts()
  for i = 1, kept do
    -- What was only looked at has no limit.
    if limits[i] then
      local debt = debts[i]
      local ms = ceil(debt / limits[i])
      if now + ms < ends[i] then
        redis.call('SET', names[i], pack('<ddd', debt, now, ends[i]), 'KEEPTTL')
      else
        redis.call('SET', names[i], pack('<ddd', debt, now, now + 2 * ms), 'PX', 2 * ms)
      end
    end
  end
end

-- What each charge of the requests of a run adds, and to how much; nil where they are not only levels.
local function levels_of(count)
  if ARGV[at + 2] ~= '0' or ARGV[at + 3] ~= '' then return nil end
  local levels = {}
  for i = 1, count do
    local rule, cost = 8 * ARGV[at + 2 + 2 * i] - 6, tonumber(ARGV[at + 3 + 2 * i])
    local letter = ARGV[rule]
    if (letter ~= 'g' and letter ~= 'b') or cost < 0 then return nil end
    local period = ARGV[rule + 2]
    levels[i] = { limit = tonumber(ARGV[rule + 1]), price = cost * period, most = ARGV[rule + 3] * period }
  end
  return levels
end

local own = {}

-- Whether they all admit the request; then they are charged.
local function take_levels(levels, count)
  for i = 1, count do
    local level = levels[i]
    local place = places[KEYS[key_at + i - 1]] or open_debt(key_at + i - 1, level.limit)
    if not place or debts[place] + level.price > level.most then return false end
    own[i] = place
  end
  for i = 1, count do
    local level, place = levels[i], own[i]
    local debt = debts[place] + level.price
    debts[place], limits[place] = debt, level.limit
    out[size + i] = pack('<d', debt)
  end
  key_at, size = key_at + count, size + count
  return true
end

-- Whether nothing is left to decide.
local function quick()
  while at <= last do
    local requests, count = tonumber(ARGV[at]), tonumber(ARGV[at + 1])
    local levels = done < requests and levels_of(count)
    while done < requests do
      if not levels or not take_levels(levels, count) then return false end
      done = done + 1
    end
    at, done = at + 4 + 2 * count, 0
  end
  return true
end

if quick() then
  write_debts()
  return table.concat(out)
end
