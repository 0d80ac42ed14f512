-- What the scripts of the bus share; put before each of them.

-- The server's id for its history of writes, and whether it is a master. The id changes when another server becomes the master, which may
-- have missed the last writes, and when a server starts: then it is not certain either that it has everything it once acknowledged.
local function server_history()
  local info = redis.call('INFO', 'replication')
  local _, at = string.find(info, 'master_replid:', 1, true)
  if at == nil then error('INFO replication of this server has no master_replid') end
  return string.sub(info, at + 1, at + 16), string.find(info, 'role:master', 1, true) ~= nil
end

-- Milliseconds as a number, and microseconds as text.
local function server_time()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(time[2] / 1000), time[1] .. string.format('%06d', time[2])
end

local function whole(number)
  return string.format('%.0f', number)
end
