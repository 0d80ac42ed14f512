-- KEYS[1]  the lock
-- ARGV     token, lease (ms)
-- Replies 1 when it is held under the token, else 0.
local owner, is_held = owner_of(KEYS[1])
if owner ~= ARGV[1] or not is_held then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
