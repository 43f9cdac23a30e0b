#!lua
-- Makes an account that was brought from elsewhere, without a session and without an event of its own.
-- KEYS: account. ARGV: createdAt in ms ('' = now), then fields and values. Returns { 'ok' } | { 'exists' }.
-- include _time

if redis.call('EXISTS', KEYS[1]) == 1 then return { 'exists' } end
redis.call('HSET', KEYS[1], 'role', 'user', 'credentialVersion', 1, 'createdAt', ARGV[1] ~= '' and ARGV[1] or now_ms(), unpack(ARGV, 2))
return { 'ok' }
