-- KEYS[1]  sequence
-- ARGV[1]  PUBLISH or SPUBLISH
-- ARGV[2]  channel; with SPUBLISH in the slot of the sequence
-- ARGV[3+] bodies
-- Counts each body and tells it as "<epoch> <number> <body>". Replies the last number.
local epoch = ensure_epoch(KEYS[1])
local number = 0
for i = 3, #ARGV do
  number = redis.call('HINCRBY', KEYS[1], 'last', 1)
  redis.call(ARGV[1], ARGV[2], epoch .. ' ' .. number .. ' ' .. ARGV[i])
end
return { number }
