-- KEYS[i]  the slots of an identity by a rule
-- ARGV     the rules, then {rule, what, holder} for each key: `e` ends holding, `r` holds for another period
-- Replies one string of doubles: the time, then 1 where slots were held, or 0.
local rules, at = read_rules()
local out = { pack('<d', now) }
for i = 1, #KEYS do
  local rule, what, holder = rules[tonumber(ARGV[at])], ARGV[at + 1], ARGV[at + 2]
  at = at + 3
  local held = 0
  -- Of other kinds nobody holds anything, and nothing is opened that would have to be written.
  if rule.kind == slots then
    local account = open(KEYS[i], rule)
    held = slots.release(account, holder)
    if held > 0 then
      if what == 'r' then slots.charge(account, held, holder) end
      slots.write(account)
    end
  end
  out[i + 1] = pack('<d', held > 0 and 1 or 0)
end
return table.concat(out)
