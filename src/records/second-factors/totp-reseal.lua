#!lua
-- Replaces a sealed secret by the same one under the current key, unless it changed meanwhile.
-- KEYS: totp
-- ARGV: oldSealed, newSealed
-- Returns: ok | stale

if redis.call('HGET', KEY.totp, 'secret') ~= ARG.oldSealed then return { 'stale' } end
redis.call('HSET', KEY.totp, 'secret', ARG.newSealed)
return { 'ok' }
