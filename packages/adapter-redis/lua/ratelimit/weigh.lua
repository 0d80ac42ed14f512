-- KEYS     as of take.lua, for one request
-- ARGV     as of take.lua
-- Replies as take.lua does how each charge would stand, and charges nothing. What is exceeded begins its block, as with every call.
local rules, at = read_rules()
local first, replayed, holder = 1, false, nil
if ARGV[at] == '0' then
  holder = ARGV[at + 3]
  if tonumber(ARGV[at + 2]) > 0 then
    first, replayed = 2, redis.call('EXISTS', KEYS[1]) == 1
  end
  at = at + 4
end
local ok, out = true, { pack('<d', now), '' }
for i = first, #KEYS do
  local account, cost = open(KEYS[i], rules[tonumber(ARGV[at])]), tonumber(ARGV[at + 1])
  at = at + 2
  local units, code = math.abs(cost), 1
  if not replayed and not admits(account, units, holder) then
    code = 0
    ok = ok and cost < 0
    strike(account)
  end
  if account.dirty then account.rule.kind.write(account) end
  out[#out + 1] = pack('<ddddd', code, standing(account, units, code, holder))
end
out[2] = pack('<d', replayed and 2 or ok and 1 or 0)
return table.concat(out)
