-- What every script of limits begins with.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local max, min, ceil = math.max, math.min, math.ceil
local pack, parse = struct.pack, struct.unpack
