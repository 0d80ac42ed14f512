-- KEYS     for each request: the key of its token, if it has one, and those of its charges
-- ARGV     the rules, then for each request either {rule, cost} where it is one charge and nothing else, or {0, how many charges, for how long its
--          token is remembered (0: it has none), holder} and {rule, cost} for each charge; a cost below 0 is one in shadow
-- Replies one string of doubles: the time, then for each request {0 denied, 1 admitted, 2 replayed} and the standings of its charges.
local rules, at = read_rules()
local key_at, last = 1, #ARGV
local out = { pack('<d', now) }

local function take(count, keep, holder)
  local replayed = false
  local token
  if keep > 0 then
    token = KEYS[key_at]
    key_at = key_at + 1
    replayed = redis.call('EXISTS', token) == 1
  end
  local accounts, costs, codes, ok = {}, {}, {}, true
  for i = 1, count do
    local account = open(KEYS[key_at], rules[tonumber(ARGV[at])], replayed)
    local cost = tonumber(ARGV[at + 1])
    accounts[i], costs[i] = account, math.abs(cost)
    key_at, at = key_at + 1, at + 2
    codes[i] = (replayed or admits(account, costs[i], holder)) and 1 or 0
    if codes[i] == 0 and cost > 0 then ok = false end
  end
  local place = #out + 1
  for i = 1, count do
    local account = accounts[i]
    if not replayed then
      if codes[i] == 0 then
        strike(account)
      elseif ok then
        if account.rule.kind.charge(account, costs[i], holder) then codes[i] = 2 end
        account.dirty = true
      end
      if account.dirty then account.rule.kind.write(account) end
    end
    out[place + i] = standing(account, costs[i], codes[i], holder)
  end
  if token and ok and not replayed then redis.call('SET', token, '1', 'PX', keep) end
  out[place] = pack('<d', replayed and 2 or ok and 1 or 0)
end

while at <= last do
  if ARGV[at] == '0' then
    local count, keep, holder = tonumber(ARGV[at + 1]), tonumber(ARGV[at + 2]), ARGV[at + 3]
    at = at + 4
    take(count, keep, holder)
  else
    take(1, 0)
  end
end
return table.concat(out)
