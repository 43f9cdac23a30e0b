#!lua
-- Puts an account into the list of admins who may act, if the one who asks still stands there.
-- KEYS: admins. ARGV: acting admin, the other. Returns { 'ok' } | { 'forbidden' }.

if redis.call('SISMEMBER', KEYS[1], ARGV[1]) == 0 then return { 'forbidden' } end
redis.call('SADD', KEYS[1], ARGV[2])
return { 'ok' }
