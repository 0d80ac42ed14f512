-- KEYS     for each channel: hash, stream, the directory of its topic
-- ARGV[1]  PUBLISH or SPUBLISH
-- ARGV[2]  a text that no other process has, for nonces
-- ARGV     for each channel: name, where it is told, where its topic is told
-- Forgets the logs. Who follows one is told of the epoch that comes next, which is kept for them; for nobody nothing is kept.
local now, micros = server_time()
local history = server_history()
for i = 1, #KEYS / 3 do
  local hash, stream, directory = KEYS[3 * i - 2], KEYS[3 * i - 1], KEYS[3 * i]
  local name, told_to, topic_to = ARGV[3 * i], ARGV[3 * i + 1], ARGV[3 * i + 2]
  local listed = redis.call('ZREM', directory, name) == 1
  local nonce = micros .. ARGV[2]
  local message = 'A' .. epoch_of(nonce, history) .. ' 0 ' .. whole(now) .. ' ' .. name
  local heard = redis.call(ARGV[1], told_to, message)
  if listed then heard = heard + redis.call(ARGV[1], topic_to, message) end
  if heard > 0 then make_log(hash, stream, nonce, history) else redis.call('DEL', hash, stream) end
end
return {}
