#!lua
-- Replaces a password record by one of the same password under the current key and cost, unless it changed meanwhile.
-- KEYS: account
-- ARGV: oldRecord, newRecord
-- Returns: ok | stale

if redis.call('HGET', KEY.account, 'passwordHash') ~= ARG.oldRecord then return { 'stale' } end
redis.call('HSET', KEY.account, 'passwordHash', ARG.newRecord)
return { 'ok' }
