#!lua
-- Sets a new password after a right reset code, once: the credential version that the attempt was opened under must still stand.
-- Ends every session and lifts the lock of the code step; it never signs in and never skips the second step.
-- KEYS: account
-- ARGV: credentialVersion, record, isLong, actor
-- Returns: ok | gone
-- include ../../platform/redis/lua/_time.lua
-- include ../activity/_activity.lua
-- include ./_credentials.lua

local account = redis.call('HMGET', KEY.account, 'status', 'credentialVersion')
if account[1] ~= 'active' or account[2] ~= ARG.credentialVersion then return { 'gone' } end
redis.call('HSET', KEY.account, 'passwordHash', ARG.record, 'longPassword', ARG.isLong and 1 or 0)
redis.call('HDEL', KEY.account, 'wrongInRow')
end_all_but(KEY.account)
record_activity(KEY.account, now_ms(), ARG.actor, 'password_reset', 'ok', 'email')
return { 'ok' }
