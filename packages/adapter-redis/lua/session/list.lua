-- KEYS[1]  the sessions of the user
-- ARGV     base, user, how many at the most, how many are looked at
-- Replies the time, then of each that is there, last seen first: id, address, user agent, when it began, was seen, and ends. Who is seen lives
-- longer: of more than are looked at those that end first are left out.
local base, user, limit, looked = unpack(ARGV)
local now = server_time()
local rows = {}
for _, id in ipairs(redis.call('ZRANGE', KEYS[1], 0, tonumber(looked) - 1, 'REV')) do
  local row = redis.call('HMGET', base .. 's:' .. id, 'u', 'a', 'g', 'c', 's', 't')
  if row[1] == user and tonumber(row[6]) > now then
    rows[#rows + 1] = { id, row[2], row[3], row[4], row[5], row[6] }
  end
end
table.sort(rows, function(a, b)
  local one, two = tonumber(a[5]), tonumber(b[5])
  if one ~= two then return one > two end
  return a[1] < b[1]
end)
local reply = { whole(now) }
for i = 1, math.min(#rows, tonumber(limit)) do reply[i + 1] = rows[i] end
return reply
