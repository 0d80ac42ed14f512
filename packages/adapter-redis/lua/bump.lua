-- KEYS[i]  guard
-- ARGV     for each key: how long it must live on (ms)
-- Raises the epoch of each guard, also of an absent one. Replies for each key the new epoch.
local raised = server_micros()
raised = raised + 1 - raised % 2
local replies = {}
for i = 1, #KEYS do
  local last = read_epoch(KEYS[i])
  local epoch = raised
  if last ~= nil and last >= raised then epoch = last + ((raised - last) % 2 == 0 and 2 or 1) end
  keep_epoch(KEYS[i], epoch, ARGV[i])
  replies[i] = as_text(epoch)
end
return replies
