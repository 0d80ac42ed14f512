-- The kinds that keep more than a few numbers, and what is decided about all.

local log = {}

local function entry_at(key, index)
  local raw = redis.call('LINDEX', key, index)
  if raw then return parse('<dd', raw) end
end

-- Every {at, cost} from an index on, until `each` answers something.
local function walk(key, index, each)
  while true do
    local some = redis.call('LRANGE', key, index, index + 31)
    for i, raw in ipairs(some) do
      local at, cost = parse('<dd', raw)
      local answer = each(at, cost, index + i - 1)
      if answer then return answer end
    end
    if #some == 0 then return end
    index = index + #some
  end
end

local function write_head(account, is_new)
  local head = pack('<d', account.total) .. guard_of(account)
  if is_new then
    redis.call('LPUSH', account.key, head)
  else
    redis.call('LSET', account.key, 0, head)
  end
end

-- What lies in the future of a clock that went back happened now.
local function pull_back(account)
  local cost = 0
  while redis.call('LLEN', account.key) > 1 do
    local at, each = entry_at(account.key, -1)
    if at < now then break end
    redis.call('RPOP', account.key)
    cost = cost + each
  end
  redis.call('RPUSH', account.key, pack('<dd', now, cost))
end

-- @param look nothing may be written
function log.read(account, look)
  account.total, account.first = 0, 1
  local key, over = account.key, now - account.rule.period
  local head = redis.call('LINDEX', key, 0)
  if not head then return end
  account.there = true
  account.total = parse('<d', head)
  if #head > 8 then guard_from(account, head, 9) end
  local latest = account.total > 0 and entry_at(key, -1) or now
  if latest > now and not look then
    pull_back(account)
    latest = now
  end
  if latest <= over then
    if not look then redis.call('LTRIM', key, 0, 0) end
    account.dirty = account.total > 0 or account.dirty
    account.total = 0
    return
  end
  account.latest = account.total > 0 and min(latest, now) or nil
  local lost = 0
  local first = account.total == 0 and 1 or walk(key, 1, function(at, cost, index)
    if at > over then return index end
    lost = lost + cost
  end)
  if lost == 0 then return end
  account.total, account.dirty = account.total - lost, true
  if look then
    account.first = first
  else
    redis.call('LTRIM', key, first, -1)
    write_head(account, true)
  end
end

function log.wait(account, cost)
  local over = account.total + cost - account.rule.limit
  if over <= 0 or account.total == 0 then return 0 end
  local at = walk(account.key, account.first, function(at, each)
    over = over - each
    return over <= 0 and at
  end)
  return min(at, now) + account.rule.period - now
end

function log.charge(account, cost)
  local key = account.key
  local added = max(0, min(cost, 2 * account.rule.limit - account.total))
  if added == 0 then return end
  account.total = account.total + added
  if not account.there then
    write_head(account, true)
    account.there = true
  end
  if account.latest == now then
    local _, each = entry_at(key, -1)
    redis.call('LSET', key, -1, pack('<dd', now, each + added))
  else
    redis.call('RPUSH', key, pack('<dd', now, added))
    account.latest = now
  end
end

function log.give_back(account, units)
  local key = account.key
  units = min(units, account.total)
  account.total = account.total - units
  while units > 0 do
    local at, cost = entry_at(key, -1)
    if cost > units then
      redis.call('LSET', key, -1, pack('<dd', at, cost - units))
    else
      redis.call('RPOP', key)
    end
    units = units - min(units, cost)
  end
  account.latest = nil
  if account.total > 0 then account.latest = entry_at(key, -1) end
end

-- Only what was charged at that time: entries after it are of others, and last longer.
function log.undo(account, units, charged_at)
  if account.total == 0 then return end
  local key, cost = account.key, 0
  local index = walk(key, account.first, function(at, each, index)
    cost = each
    return at == charged_at and index
  end)
  if not index then return end
  local given = min(units, cost)
  if given < cost then
    redis.call('LSET', key, index, pack('<dd', charged_at, cost - given))
  else
    redis.call('LSET', key, index, '')
    redis.call('LREM', key, 1, '')
  end
  account.total = account.total - given
  account.latest = nil
  if account.total > 0 then account.latest = entry_at(key, -1) end
end

function log.used(account)
  return account.total
end

function log.reset(account)
  if account.latest == nil then return 0 end
  return account.latest + account.rule.period - now
end

function log.write(account)
  local key = account.key
  if account.total == 0 and account.til == nil then
    redis.call('DEL', key)
    return
  end
  write_head(account, not account.there)
  account.there = true
  redis.call('PEXPIRE', key, max(log.reset(account), guard_ms(account)))
end

local slots = {}

local slot_of = '\1'
local guard_mark = '\2'

-- The last two: the guard, if there is one, and the slots that end last.
local function read_ends(account)
  local ends = redis.call('ZRANGE', account.key, -2, -1, 'WITHSCORES')
  local last = #ends - 1
  account.latest = nil
  if last > 0 and string.sub(ends[last], 1, 1) == guard_mark then
    account.mark = ends[last]
    last = last - 2
  end
  if last > 0 then account.latest = tonumber(ends[last + 1]) end
end

function slots.read(account, look)
  local key, period = account.key, account.rule.period
  account.used, account.over = 0, 0
  read_ends(account)
  if account.mark then guard_from(account, account.mark, 2) end
  if account.latest == nil then return end
  if account.latest > now + period then
    if not look then
      for _, member in ipairs(redis.call('ZRANGEBYSCORE', key, '(' .. now + period, '(inf')) do
        redis.call('ZADD', key, now + period, member)
      end
    end
    account.latest = now + period
  end
  if look then
    account.over = redis.call('ZCOUNT', key, '-inf', now)
  else
    redis.call('ZREMRANGEBYSCORE', key, '-inf', now)
  end
  account.used = redis.call('ZCARD', key) - account.over - (account.mark and 1 or 0)
  if account.used == 0 then account.latest = nil end
end

function slots.holds(account, holder)
  return redis.call('ZSCORE', account.key, holder .. slot_of .. 1)
end

function slots.wait(account, cost, holder)
  if holder and slots.holds(account, holder) then return 0 end
  local over = account.used + cost - account.rule.limit
  if over <= 0 or account.used == 0 then return 0 end
  local at = account.over + over - 1
  local til = redis.call('ZRANGE', account.key, at, at, 'WITHSCORES')[2]
  return min(tonumber(til), now + account.rule.period) - now
end

function slots.charge(account, cost, holder)
  if slots.holds(account, holder) then return true end
  local til = now + account.rule.period
  for n = 1, cost do
    redis.call('ZADD', account.key, til, holder .. slot_of .. n)
  end
  account.used, account.latest = account.used + cost, til
end

-- Answers how many slots the holder had.
function slots.release(account, holder)
  local n = 0
  while redis.call('ZREM', account.key, holder .. slot_of .. n + 1) == 1 do
    n = n + 1
  end
  account.used = account.used - n
  read_ends(account)
  return n
end

function slots.used(account)
  return account.used
end

function slots.reset(account)
  if account.latest == nil then return 0 end
  return account.latest - now
end

function slots.write(account)
  local key = account.key
  if account.mark then redis.call('ZREM', key, account.mark) end
  account.mark = nil
  if account.til then
    account.mark = guard_mark .. guard_of(account)
    redis.call('ZADD', key, '+inf', account.mark)
  end
  local ms = max(slots.reset(account), guard_ms(account))
  if ms > 0 then redis.call('PEXPIRE', key, ms) end
end

local kinds = { g = level, b = level, f = fixed, s = sliding, l = log, c = slots }

-- A rule out of eight words.
local function rule_from(at)
  local plan_ms = tonumber(ARGV[at + 4])
  return {
    kind = kinds[ARGV[at]],
    limit = tonumber(ARGV[at + 1]),
    period = tonumber(ARGV[at + 2]),
    burst = tonumber(ARGV[at + 3]),
    plan = plan_ms > 0 and {
      ms = plan_ms,
      factor = tonumber(ARGV[at + 5]),
      most = tonumber(ARGV[at + 6]),
      forget = tonumber(ARGV[at + 7]),
    },
  }
end

-- The rules that a call is about, and where its other words begin.
local function read_rules()
  local rules, count = {}, tonumber(ARGV[1])
  for i = 1, count do
    rules[i] = rule_from(8 * i - 6)
  end
  return rules, 8 * count + 2
end

-- @param look nothing may be written
local function open(key, rule, look, raw)
  local account = { key = key, rule = rule, raw = raw }
  rule.kind.read(account, look)
  return account
end

local function blocked_ms(account)
  if account.til == nil then return 0 end
  return max(0, account.til - now)
end

local function admits(account, cost, holder)
  return blocked_ms(account) == 0 and account.rule.kind.wait(account, cost, holder) == 0
end

local function strike(account)
  local plan = account.rule.plan
  if not plan or blocked_ms(account) > 0 then return end
  local strikes = account.strikes or 0
  local til = now + min(plan.most, plan.ms * plan.factor ^ strikes)
  account.til, account.strikes, account.forget = til, min(strikes + 1, 64), til + plan.forget
  account.dirty = true
end

-- How many are left, when to come again, when all is back, how long it is blocked.
-- @param code 0 denied, 1 admitted, 2 admitted by what is held already
local function standing(account, cost, code, holder)
  local rule, blocked = account.rule, blocked_ms(account)
  local kind = rule.kind
  local retry = 0
  if code == 0 then retry = max(kind.wait(account, cost, holder), blocked) end
  local left = 0
  if blocked == 0 then left = max(0, rule.burst - kind.used(account)) end
  return left, retry, kind.reset(account), blocked
end
