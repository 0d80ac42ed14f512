-- KEYS[1]  the directory of a topic
-- KEYS[i]  the hashes of channels that it lists
-- ARGV     their names
-- Replies for each channel {epoch, last offset}, or nothing for one that is gone, which is taken off the directory.
local history, is_master = server_history()
if not is_master then return redis.error_reply('READONLY a replica may not have the whole log yet') end
local replies = {}
for i = 1, #ARGV do
  local log = find_log(KEYS[i + 1])
  if log and log.top > 0 then
    replies[i] = { epoch_of(log.nonce, history), log.top }
  else
    redis.call('ZREM', KEYS[1], ARGV[i])
    replies[i] = false
  end
end
return replies
