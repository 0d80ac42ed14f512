-- KEYS[i]  guard
-- ARGV     for each key: how long it must live on (ms)
-- Replies for each key its epoch; an absent guard is made.
local made = server_micros()
made = made + made % 2
local replies = {}
for i = 1, #KEYS do
  local epoch = read_epoch(KEYS[i])
  if epoch == nil then
    epoch = made
    keep_epoch(KEYS[i], epoch, ARGV[i])
  elseif redis.call('PTTL', KEYS[i]) < tonumber(ARGV[i]) then
    redis.call('PEXPIRE', KEYS[i], as_text(tonumber(ARGV[i]) * 1.25))
  end
  replies[i] = as_text(epoch)
end
return replies
