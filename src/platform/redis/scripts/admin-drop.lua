#!lua
-- Takes an admin out of the list of those who may act, before the account itself is changed. Two who drop each other at once
-- cannot both win: whoever is out already may not drop anybody.
-- KEYS: admins. ARGV: acting admin, the other. Returns { 'ok' } | { 'forbidden' }.

if ARGV[1] == ARGV[2] or redis.call('SISMEMBER', KEYS[1], ARGV[1]) == 0 then return { 'forbidden' } end
redis.call('SREM', KEYS[1], ARGV[2])
return { 'ok' }
