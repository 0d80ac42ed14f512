-- KEYS[i]  what is kept for an identity by a rule
-- ARGV     the rules, then for each key {rule, what, number}: `a` charges or gives back so many units, `b` blocks for so many ms, `u` undoes a
--          charge: then the number is the cost, and the time and the holder follow
-- Replies one string of doubles: the time, then how a charge of 1 stands.
local rules, at = read_rules()
local out = { pack('<d', now) }

local function undo(account, cost, time, holder)
  local kind = account.rule.kind
  if kind.release then
    kind.release(account, holder)
  elseif kind.undo then
    kind.undo(account, cost, time)
  else
    kind.give_back(account, cost)
  end
end

local function block(account, ms)
  if ms == 0 then
    account.til, account.strikes, account.forget = nil, nil, nil
  else
    account.til, account.strikes, account.forget = now + ms, account.strikes or 0, account.forget or 0
  end
end

for i = 1, #KEYS do
  local account = open(KEYS[i], rules[tonumber(ARGV[at])])
  local what, number = ARGV[at + 1], tonumber(ARGV[at + 2])
  local kind = account.rule.kind
  if what == 'b' then
    block(account, number)
  elseif what == 'u' then
    undo(account, number, tonumber(ARGV[at + 3]), ARGV[at + 4])
    at = at + 2
  elseif number > 0 then
    kind.charge(account, number)
  else
    kind.give_back(account, -number)
  end
  at = at + 3
  kind.write(account)
  local code = admits(account, 1) and 1 or 0
  out[i + 1] = pack('<ddddd', code, standing(account, 1, code))
end
return table.concat(out)
