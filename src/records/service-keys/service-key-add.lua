#!lua
-- Keeps a new service key.
-- KEYS: serviceKeys
-- ARGV: id, record
-- Returns: ok

redis.call('HSET', KEY.serviceKeys, ARG.id, ARG.record)
return { 'ok' }
