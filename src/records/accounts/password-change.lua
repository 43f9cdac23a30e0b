#!lua
-- Sets a new password after the current one was proven. Ends everything but the session that asked.
-- KEYS: account, session
-- ARGV: credentialVersion, record, isLong, sid, actor
-- Returns: ok | stale - a credential changed meanwhile | ended - the session or the account is over
-- include ../../platform/redis/lua/_time.lua
-- include ../activity/_activity.lua
-- include ./_credentials.lua

local account = redis.call('HMGET', KEY.account, 'status', 'credentialVersion')
if account[1] ~= 'active' or redis.call('EXISTS', KEY.session) == 0 then return { 'ended' } end
if account[2] ~= ARG.credentialVersion then return { 'stale' } end
redis.call('HSET', KEY.account, 'passwordHash', ARG.record, 'longPassword', ARG.isLong and 1 or 0)
redis.call('HDEL', KEY.session, 'wrongPasswords')
tell_changed(KEY.account, 'password')
end_all_but(KEY.account, ARG.sid)
record_activity(KEY.account, now_ms(), ARG.actor, 'password_changed', 'ok', 'pwd')
return { 'ok' }
