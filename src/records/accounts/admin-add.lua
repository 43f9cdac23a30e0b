#!lua
-- Adds an account to the list of admins who may act, if the one who asks is still on it.
-- KEYS: admins
-- ARGV: actorId, accountId
-- Returns: ok | forbidden

if redis.call('SISMEMBER', KEY.admins, ARG.actorId) == 0 then return { 'forbidden' } end
redis.call('SADD', KEY.admins, ARG.accountId)
return { 'ok' }
