#!lua
-- Replaces a password record by one of the same password under the current key and cost, unless it changed meanwhile.
-- KEYS: account. ARGV: old record, new record. Returns { 'ok' } | { 'stale' }.

if redis.call('HGET', KEYS[1], 'passwordHash') ~= ARGV[1] then return { 'stale' } end
redis.call('HSET', KEYS[1], 'passwordHash', ARGV[2])
return { 'ok' }
