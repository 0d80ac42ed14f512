-- KEYS[1]  sequence; made when it is absent
-- Replies {epoch, last number, the master's id for its history of writes}. That id changes when another server becomes the master, which may
-- have missed the last numbers and give them out again.
local epoch = ensure_epoch(KEYS[1])
local info = redis.pcall('INFO', 'replication')
local history = type(info) == 'string' and string.match(info, 'master_replid:(%x+)') or ''
return { epoch, redis.call('HGET', KEYS[1], 'last'), history }
