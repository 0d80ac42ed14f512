-- What the scripts over records share; put before each of them. The layout is told in src/cache/record.ts.
local HEADER = 56
local NO_LEASE = string.rep('\0', 28)

local function server_time()
  local time = redis.call('TIME')
  return time[1] * 1000 + time[2] / 1000, string.format('%.0f', time[1] * 1000000 + time[2])
end

-- The header of a record of ours; nil for nothing, and for anything that somebody else put under the key.
local function read_header(key)
  local raw = redis.pcall('GETRANGE', key, 0, HEADER - 1)
  if type(raw) ~= 'string' or #raw < HEADER or string.sub(raw, 1, 3) ~= 'PC\1' then return nil end
  local keep_until, lease_until = struct.unpack('<dd', raw, 21)
  return {
    holds = string.byte(raw, 4) == 1,
    version = string.sub(raw, 5, 12),
    keep_until = keep_until,
    lease_until = lease_until,
    token = string.sub(raw, 37, 56),
  }
end

local function has_record(header, now)
  return header ~= nil and header.holds and header.keep_until > now
end

local function is_leased(header, now)
  return header ~= nil and header.lease_until > now
end
