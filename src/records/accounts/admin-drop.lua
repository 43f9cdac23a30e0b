#!lua
-- Drops an admin from the list of those who may act, before the account itself is changed. Two who drop each other at once cannot
-- both win: whoever is off the list already may not drop anybody.
-- KEYS: admins
-- ARGV: actorId, accountId
-- Returns: ok | forbidden

if ARG.actorId == ARG.accountId or redis.call('SISMEMBER', KEY.admins, ARG.actorId) == 0 then return { 'forbidden' } end
redis.call('SREM', KEY.admins, ARG.accountId)
return { 'ok' }
