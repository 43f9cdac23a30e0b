#!lua
-- Adds a member to a set.
-- KEYS: set
-- ARGV: member
-- Returns: ok

redis.call('SADD', KEY.set, ARG.member)
return { 'ok' }
