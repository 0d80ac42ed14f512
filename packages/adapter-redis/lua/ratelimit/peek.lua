-- KEYS[i]  what is kept for a charge
-- ARGV     the rules, then {rule, cost} for each charge
-- Replies one string of doubles: the time, then the standings. Writes nothing.
local rules, at = read_rules()
local out = { pack('<d', now) }
for i = 1, #KEYS do
  local account = open(KEYS[i], rules[tonumber(ARGV[at])], true)
  local cost = tonumber(ARGV[at + 1])
  local code = admits(account, cost) and 1 or 0
  out[i + 1] = pack('<ddddd', code, standing(account, cost, code))
  at = at + 2
end
return table.concat(out)
