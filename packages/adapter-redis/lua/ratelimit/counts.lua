-- What the scripts of limits share; put before each of them, behind `now.lua`. How each kind counts is told in `@parley/ratelimit` (src/rules); all numbers are
-- whole and below 2^53, so the answers are the same.
--
-- One key for each rule and identity, which ends when it is as if it had never been used, or after as long again at the latest:
--
--     gcra, bucket   string   debt, at; and when the key ends, where that is known and nothing follows (quick.lua)
--     fixed          string   used, until
--     sliding        string   from, current, previous
--     log            list     a head {total}, then an entry {at, cost} for each charge, the oldest first
--     concurrency    zset     <holder>\1<n> for each slot, by when it ends; and the guard, behind all
--
-- and in each a guard {until, strikes, forget at} while there is something to remember about blocks. Numbers are doubles.

-- An account is {key, rule, and what the kind keeps}. `dirty`: it must be written. Of a string `raw` may have been read already, false for none.

local function text_of(account)
  local raw = account.raw
  if raw == nil then return redis.call('GET', account.key) end
  return raw
end

local function guard_from(account, raw, at)
  if #raw < at + 23 then return end
  local til, strikes, forget = parse('<ddd', raw, at)
  if til <= now and forget <= now then
    account.dirty = true
    return
  end
  if forget <= now then strikes = 0 end
  account.til, account.strikes, account.forget = til, strikes, forget
end

local function guard_of(account)
  if account.til == nil then return '' end
  return pack('<ddd', account.til, account.strikes, account.forget)
end

local function guard_ms(account)
  if account.til == nil then return 0 end
  return max(account.til, account.forget) - now
end

local function write_text(account, empty, text, reset)
  if empty and account.til == nil then
    redis.call('DEL', account.key)
  else
    redis.call('SET', account.key, text .. guard_of(account), 'PX', max(reset, guard_ms(account)))
  end
end

local level = {}

function level.read(account)
  local rule, debt = account.rule, 0
  local raw = text_of(account)
  if raw then
    local at
    debt, at = parse('<dd', raw)
    if at > now then
      account.dirty = true
    else
      debt = max(0, debt - (now - at) * rule.limit)
    end
    if #raw > 16 then guard_from(account, raw, 17) end
  end
  account.debt = debt
end

function level.wait(account, cost)
  local rule = account.rule
  local over = account.debt + (cost - rule.burst) * rule.period
  if over > 0 then return ceil(over / rule.limit) end
  return 0
end

function level.charge(account, cost)
  local rule, debt = account.rule, account.debt
  account.debt = max(debt, min(debt + cost * rule.period, 2 * rule.burst * rule.period))
end

function level.give_back(account, units)
  account.debt = max(0, account.debt - units * account.rule.period)
end

function level.used(account)
  return ceil(account.debt / account.rule.period)
end

function level.reset(account)
  return ceil(account.debt / account.rule.limit)
end

function level.write(account)
  local debt = account.debt
  write_text(account, debt == 0, pack('<dd', debt, now), ceil(debt / account.rule.limit))
end

local fixed = {}

function fixed.read(account)
  account.used = 0
  local raw = text_of(account)
  if not raw then return end
  local used, til = parse('<dd', raw)
  if til > now then
    if til > now + account.rule.period then
      til = now + account.rule.period
      account.dirty = true
    end
    account.used, account.ends = used, til
  end
  if #raw > 16 then guard_from(account, raw, 17) end
end

function fixed.wait(account, cost)
  if account.used + cost > account.rule.limit and account.used > 0 then return account.ends - now end
  return 0
end

function fixed.charge(account, cost)
  local used = account.used
  if used == 0 then account.ends = now + account.rule.period end
  account.used = max(used, min(used + cost, 2 * account.rule.limit))
end

function fixed.give_back(account, units)
  account.used = max(0, account.used - units)
end

-- A charge of that time is in a window that began before it.
function fixed.undo(account, units, at)
  if account.used > 0 and account.ends <= at + account.rule.period then fixed.give_back(account, units) end
end

function fixed.used(account)
  return account.used
end

function fixed.reset(account)
  if account.used == 0 then return 0 end
  return account.ends - now
end

function fixed.write(account)
  local used = account.used
  write_text(account, used == 0, pack('<dd', used, account.ends or 0), fixed.reset(account))
end

local sliding = {}

function sliding.read(account)
  account.from, account.current, account.previous = now, 0, 0
  local raw = text_of(account)
  if not raw then return end
  local from, current, previous = parse('<ddd', raw)
  local age, period = now - from, account.rule.period
  if age < 0 then
    account.current, account.previous, account.dirty = current, previous, true
  elseif age < period and current + previous > 0 then
    account.from, account.current, account.previous = from, current, previous
  elseif age < 2 * period and current > 0 then
    account.from, account.previous = from + period, current
  end
  if #raw > 24 then guard_from(account, raw, 25) end
end

function sliding.wait(account, cost)
  local limit, period = account.rule.limit, account.rule.period
  local left, over = account.from + period - now, account.current + cost - limit
  if over > 0 and account.current > 0 then return left + ceil(over * period / account.current) end
  local excess = account.previous * left + over * period
  if excess > 0 and account.previous > 0 then return ceil(excess / account.previous) end
  return 0
end

function sliding.charge(account, cost)
  local current = account.current
  account.current = max(current, min(current + cost, 2 * account.rule.limit))
end

function sliding.give_back(account, units)
  local current = max(0, account.current - units)
  account.previous = max(0, account.previous - (units - (account.current - current)))
  account.current = current
end

function sliding.undo(account, units, at)
  -- Windows before the previous one weigh nothing any more.
  if account.from - account.rule.period > at then return end
  if account.from > at then
    account.previous = max(0, account.previous - units)
  else
    account.current = max(0, account.current - units)
  end
end

function sliding.used(account)
  local period = account.rule.period
  return account.current + ceil(account.previous * (account.from + period - now) / period)
end

function sliding.reset(account)
  if account.current > 0 then return account.from + 2 * account.rule.period - now end
  if account.previous > 0 then return account.from + account.rule.period - now end
  return 0
end

function sliding.write(account)
  local text = pack('<ddd', account.from, account.current, account.previous)
  write_text(account, account.current + account.previous == 0, text, sliding.reset(account))
end
