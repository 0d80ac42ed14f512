-- Nearly every request is about levels (gcra, bucket) that admit it, and about nobody who was ever blocked: those are decided here, and where a
-- call has no others, nothing of what the other kinds need is even made. The first request that is not one of them is left to `take.lua`.
local at, last = 8 * ARGV[1] + 2, #ARGV
local key_at, done = 1, 0
local out, size = { pack('<d', now) }, 1
local texts = redis.call('MGET', unpack(KEYS))

-- The debts that were decided here, as of now, and the limits that they drain by; in the order in which they are written.
local debts, limits, order, kept = {}, {}, {}, 0
-- What is kept of a key that was left to `take.lua`.
local accounts = {}

-- Nil where it is not only a debt.
local function debt_of(index, limit)
  local key = KEYS[index]
  local debt = debts[key]
  if debt then return debt end
  if accounts[key] then return nil end
  local raw = texts[index]
  if not raw then return 0 end
  if #raw > 16 then return nil end
  local since
  debt, since = parse('<dd', raw)
  if since < now then return max(0, debt - (now - since) * limit) end
  return debt
end

local function keep_debt(key, debt, limit)
  if not debts[key] then
    kept = kept + 1
    order[kept] = key
  end
  debts[key], limits[key] = debt, limit
end

local function write_debts()
  for i = 1, kept do
    local key = order[i]
    local debt = debts[key]
    if debt then redis.call('SET', key, pack('<dd', debt, now), 'PX', ceil(debt / limits[key])) end
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

local next_debts = {}

-- Whether they all admit the request; then they are charged.
local function take_levels(levels, count)
  for i = 1, count do
    local level = levels[i]
    local debt = debt_of(key_at + i - 1, level.limit)
    if not debt then return false end
    debt = debt + level.price
    if debt > level.most then return false end
    next_debts[i] = debt
  end
  for i = 1, count do
    local debt = next_debts[i]
    keep_debt(KEYS[key_at], debt, levels[i].limit)
    out[size + i] = pack('<d', debt)
    key_at = key_at + 1
  end
  size = size + count
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
