-- KEYS     for each request: the key of its token, if it has one, and those of its charges
-- ARGV     the rules, then the requests, which come in runs that are alike: {how many requests, how many charges, for how long the token is
--          remembered (0: it has none), holder} and {rule, cost} for each charge; a cost below 0 is one in shadow
-- Replies one string of doubles: the time, then for each request either the debts of its charges, each above 0, where they are levels that were
-- charged; or {0 denied, -1 admitted, -2 replayed} and the standings of its charges.
-- What is counted by strings is read once and written once, however many requests are about it.
local rules = read_rules()
local admitted = {}

local function next_account(rule)
  local key = KEYS[key_at]
  local account = accounts[key]
  if account then
    account.rule = rule
  else
    local place = places[key]
    local charged = place and limits[place]
    account = open(key, rule, false, charged and pack('<dd', debts[place], now) or texts[key_at])
    if place then
      -- From here on it is written by its account.
      account.dirty = account.dirty or charged
      places[key], limits[place] = nil, nil
    end
    accounts[key] = account
  end
  key_at = key_at + 1
  return account
end

-- The accounts of a request; they hold what it asks of them, since none is in it twice.
local all = {}

local function take(count, keep, holder)
  local token, replayed
  if keep > 0 then
    token = KEYS[key_at]
    replayed = texts[key_at] or admitted[token]
    key_at = key_at + 1
  end
  local ok = true
  for i = 1, count do
    local account = next_account(rules[tonumber(ARGV[at + 2 + 2 * i])])
    local cost = tonumber(ARGV[at + 3 + 2 * i])
    all[i], account.cost = account, math.abs(cost)
    if replayed or admits(account, account.cost, holder) then
      account.code = 1
    else
      account.code = 0
      ok = ok and cost < 0
    end
  end
  size = size + 1
  out[size] = pack('<d', replayed and -2 or ok and -1 or 0)
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

while not quick() do
  take(tonumber(ARGV[at + 1]), tonumber(ARGV[at + 2]), ARGV[at + 3])
  done = done + 1
end
write_debts()
for _, account in pairs(accounts) do
  if account.dirty then account.rule.kind.write(account) end
end
return table.concat(out)
