#!lua
-- Replaces a sealed secret by the same one under the current key, unless it changed meanwhile.
-- KEYS: totp. ARGV: old sealed secret, new one. Returns { 'ok' } | { 'stale' }.

if redis.call('HGET', KEYS[1], 'secret') ~= ARGV[1] then return { 'stale' } end
redis.call('HSET', KEYS[1], 'secret', ARGV[2])
return { 'ok' }
