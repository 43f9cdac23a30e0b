#!lua
-- Notes when a service key was used, unless it was removed meanwhile.
-- KEYS: serviceKeys, lastUses
-- ARGV: id, atMs
-- Returns: ok | unknown

if redis.call('HEXISTS', KEY.serviceKeys, ARG.id) == 0 then return { 'unknown' } end
redis.call('HSET', KEY.lastUses, ARG.id, ARG.atMs)
return { 'ok' }
