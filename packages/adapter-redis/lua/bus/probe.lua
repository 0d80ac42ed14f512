-- KEYS[1]  a channel
-- ARGV[1]  PUBLISH or SPUBLISH
-- ARGV[2]  what to say there, behind the history of the server that says it
local history = server_history()
redis.call(ARGV[1], KEYS[1], 'P' .. history .. ' ' .. ARGV[2])
return {}
