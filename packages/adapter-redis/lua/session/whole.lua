-- Put before the scripts over sessions that use more than the key they are given. While a slot moves from one server of a Cluster to another,
-- some of its keys are here and some there: a script that comes upon one that is not here fails in its middle, and what it has done stays; or
-- it takes what has not arrived yet for nothing, and nobody is signed out. So nothing is done then: of a slot that moves, no command may name
-- several keys of which one does not exist, and `none` never does.
local at_once = redis.pcall('MGET', KEYS[1], ARGV[1] .. 'none')
if at_once.err then
  if not string.find(at_once.err, 'non local key', 1, true) then return at_once end
  return redis.error_reply('TRYAGAIN the slot of sessions moves to another server')
end
