-- KEYS[1]  a channel
-- ARGV[1]  PUBLISH or SPUBLISH
-- ARGV[2]  what to say there, behind the history of the server that says it
-- A replica would say it too, and may have the history of its master.
local history, is_master = server_history()
redis.call(ARGV[1], KEYS[1], 'P' .. (is_master and history or '-') .. ' ' .. ARGV[2])
if not is_master then return redis.error_reply('READONLY a replica takes no writes') end
return {}
