#!lua
-- Sets a new password after a right reset code, once: the credential version that the attempt was opened under must still stand.
-- Ends every session, forgets the browsers that it knows and lifts the lock of the code step; it never signs in and never skips the
-- second step.
-- KEYS: account
-- ARGV: credentialVersion, record, isLong, actor
-- Returns: ok | gone
-- include ../../platform/redis/lua/_time.lua
-- include ../activity/_activity.lua
-- include ./_credentials.lua

local now = now_ms()
local account = redis.call('HMGET', KEY.account, 'status', 'credentialVersion')
if account[1] ~= 'active' or account[2] ~= ARG.credentialVersion then return { 'gone' } end
redis.call('HSET', KEY.account, 'passwordHash', ARG.record, 'longPassword', ARG.isLong and 1 or 0, 'securedAt', now)
redis.call('HDEL', KEY.account, 'wrongInRow')
redis.call('DEL', string.sub(KEY.account, 1, -#'account' - 1) .. 'devices')
tell_changed(KEY.account, 'password')
end_all_but(KEY.account)
record_activity(KEY.account, now, ARG.actor, 'password_reset', 'ok', 'email')
return { 'ok' }
