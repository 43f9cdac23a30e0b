#!lua
-- Removes a member from a set.
-- KEYS: set
-- ARGV: member
-- Returns: ok

redis.call('SREM', KEY.set, ARG.member)
return { 'ok' }
