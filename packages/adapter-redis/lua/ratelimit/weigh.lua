-- KEYS     as of take.lua, for one request
-- ARGV     as of take.lua
-- Replies as take.lua does how each charge would stand, and charges nothing. What is exceeded begins its block, as with every call.
local rules, at = read_rules()
local count, keep, holder = tonumber(ARGV[at + 1]), tonumber(ARGV[at + 2]), ARGV[at + 3]
local replayed = keep > 0 and redis.call('EXISTS', KEYS[1]) == 1
local before = keep > 0 and 1 or 0
local ok, out = true, { pack('<d', now), '' }
for i = 1, count do
  local account = open(KEYS[before + i], rules[tonumber(ARGV[at + 2 + 2 * i])])
  local cost = tonumber(ARGV[at + 3 + 2 * i])
  local units, code = math.abs(cost), 1
  if not replayed and not admits(account, units, holder) then
    code = 0
    ok = ok and cost < 0
    strike(account)
  end
  if account.dirty then account.rule.kind.write(account) end
  out[#out + 1] = pack('<ddddd', code, standing(account, units, code, holder))
end
out[2] = pack('<d', replayed and -2 or ok and -1 or 0)
return table.concat(out)
