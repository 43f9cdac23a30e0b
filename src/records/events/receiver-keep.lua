#!lua
-- Writes down how far a receiver of webhooks is and whether it answers, for the server that has it.
-- KEYS: receiver
-- ARGV: holder, leaseMs, ...fields
-- Returns: ok | taken
-- include ../../platform/redis/lua/_time.lua

if redis.call('HGET', KEY.receiver, 'holder') ~= ARG.holder then return { 'taken' } end
redis.call('HSET', KEY.receiver, 'leaseEndsAt', now_ms() + ARG.leaseMs, unpack(ARG.fields))
return { 'ok' }
