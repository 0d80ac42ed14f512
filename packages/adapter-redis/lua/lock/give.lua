-- What nearly every call finds: its own lock, and nobody who waits for it. It is let go ahead of everything that the rest needs.
if not ARGV[6] then
  local value = redis.call('GET', KEYS[1])
  if not value then return 0 end
  if string.byte(value) == 72 and string.match(value, ' (%S+)$') == ARGV[1] and not redis.call('ZRANGE', KEYS[2], 0, 0)[1] then
    return redis.call('DEL', KEYS[1])
  end
end
