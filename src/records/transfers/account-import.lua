#!lua
-- Makes an account that was brought from elsewhere, without a session and without an event of its own.
-- KEYS: account
-- ARGV: createdAt, ...fields
-- Returns: ok | exists
-- include ../../platform/redis/lua/_time.lua

if redis.call('EXISTS', KEY.account) == 1 then return { 'exists' } end
redis.call('HSET', KEY.account, 'role', 'user', 'credentialVersion', 1, 'createdAt', ARG.createdAt or now_ms(), unpack(ARG.fields))
return { 'ok' }
