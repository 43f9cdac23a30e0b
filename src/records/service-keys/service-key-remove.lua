#!lua
-- Removes a service key, and when it was last used.
-- KEYS: serviceKeys, lastUses
-- ARGV: id
-- Returns: ok | unknown

if redis.call('HDEL', KEY.serviceKeys, ARG.id) == 0 then return { 'unknown' } end
redis.call('HDEL', KEY.lastUses, ARG.id)
return { 'ok' }
