-- KEYS[i]  record
-- ARGV     for each key: the whole record, how long it is kept (ms)
-- Replies how many were written.
for i = 1, #KEYS do
  redis.call('SET', KEYS[i], ARGV[2 * i - 1], 'PX', ARGV[2 * i])
end
return { #KEYS }
