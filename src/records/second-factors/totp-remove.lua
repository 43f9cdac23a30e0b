#!lua
-- Forgets the authenticator and its recovery codes; the e-mailed code is there again, so that a second step remains.
-- KEYS: account, session, totp, pending, recovery
-- ARGV: sid, actor
-- Returns: ok | ended | none
-- include ../../platform/redis/lua/_time.lua
-- include ../activity/_activity.lua
-- include ../accounts/_credentials.lua

local now = now_ms()
if redis.call('EXISTS', KEY.session) == 0 or redis.call('HGET', KEY.account, 'status') ~= 'active' then return { 'ended' } end
if not redis.call('HGET', KEY.account, 'totp') then
  record_activity(KEY.account, now, ARG.actor, 'totp_off', 'none', 'totp')
  return { 'none' }
end
redis.call('DEL', KEY.totp, KEY.pending, KEY.recovery)
redis.call('HDEL', KEY.account, 'totp', 'recovery', 'emailCode')
tell_changed(KEY.account, 'secondFactors')
end_all_but(KEY.account, ARG.sid)
record_activity(KEY.account, now, ARG.actor, 'totp_off', 'ok', 'totp')
return { 'ok' }
