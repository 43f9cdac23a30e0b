#!lua
-- Forgets the number of an account. Ends everything but the asking session.
-- KEYS: account, session
-- ARGV: sid, actor
-- Returns: ok(user) | ended | none
-- include ../../platform/redis/lua/_time.lua
-- include ../accounts/_user.lua
-- include ../activity/_activity.lua
-- include ../accounts/_credentials.lua

local now = now_ms()
if redis.call('EXISTS', KEY.session) == 0 or redis.call('HGET', KEY.account, 'status') ~= 'active' then return { 'ended' } end
if not redis.call('HGET', KEY.account, 'phone') then
  record_activity(KEY.account, now, ARG.actor, 'phone_off', 'none', 'sms')
  return { 'none' }
end
redis.call('HDEL', KEY.account, 'phone')
tell_changed(KEY.account, 'phone', 'secondFactors')
end_all_but(KEY.account, ARG.sid)
record_activity(KEY.account, now, ARG.actor, 'phone_off', 'ok', 'sms')
return { 'ok', user_of(KEY.account) }
