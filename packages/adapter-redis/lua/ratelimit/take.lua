-- KEYS     for each request: the key of its token, if it has one, and those of its charges
-- ARGV     the rules, then for each request either {rule, cost} where it is one charge and nothing else, or {0, how many charges, for how long its
--          token is remembered (0: it has none), holder} and {rule, cost} for each charge; a cost below 0 is one in shadow
-- Replies one string of doubles: the time, then for each request {0 denied, 1 admitted, 2 replayed} and the standings of its charges.
-- What is counted by strings is read once and written once, however many requests are about it.
local rules, at = read_rules()
local key_at, last = 1, #ARGV
local out, size = { pack('<d', now) }, 1
local texts = redis.call('MGET', unpack(KEYS))
local accounts, admitted = {}, {}

local function next_account(rule)
  local key = KEYS[key_at]
  local account = accounts[key]
  if account then
    account.rule = rule
  else
    account = open(key, rule, false, texts[key_at])
    accounts[key] = account
  end
  key_at = key_at + 1
  return account
end

local function take_one(rule, cost)
  local account = next_account(rule)
  local code = 0
  if admits(account, cost) then
    code = 1
    rule.kind.charge(account, cost)
    account.dirty = true
  else
    strike(account)
  end
  size = size + 1
  out[size] = pack('<dddddd', code, code, standing(account, cost, code))
end

-- The accounts of a request; they hold what it asks of them, since none is in it twice.
local all = {}

local function take_all(count, keep, holder)
  local token, replayed
  if keep > 0 then
    token = KEYS[key_at]
    replayed = texts[key_at] or admitted[token]
    key_at = key_at + 1
  end
  local ok = true
  for i = 1, count do
    local account, cost = next_account(rules[tonumber(ARGV[at])]), tonumber(ARGV[at + 1])
    at = at + 2
    all[i], account.cost = account, math.abs(cost)
    if replayed or admits(account, account.cost, holder) then
      account.code = 1
    else
      account.code = 0
      ok = ok and cost < 0
    end
  end
  size = size + 1
  out[size] = pack('<d', replayed and 2 or ok and 1 or 0)
  for i = 1, count do
    local account = all[i]
    local cost, code = account.cost, account.code
    if code == 0 then
      strike(account)
    elseif ok and not replayed then
      if account.rule.kind.charge(account, cost, holder) then code = 2 end
      account.dirty = true
    end
    out[size + i] = pack('<ddddd', code, standing(account, cost, code, holder))
  end
  size = size + count
  if token and ok and not replayed then
    redis.call('SET', token, '1', 'PX', keep)
    admitted[token] = true
  end
end

while at <= last do
  local rule = ARGV[at]
  if rule == '0' then
    local count, keep, holder = tonumber(ARGV[at + 1]), tonumber(ARGV[at + 2]), ARGV[at + 3]
    at = at + 4
    take_all(count, keep, holder)
  else
    local cost = tonumber(ARGV[at + 1])
    at = at + 2
    take_one(rules[tonumber(rule)], cost)
  end
end
for _, account in pairs(accounts) do
  if account.dirty then account.rule.kind.write(account) end
end
return table.concat(out)
