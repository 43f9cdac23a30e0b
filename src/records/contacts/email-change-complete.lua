#!lua
-- Gives an account its proven new address, once. Ends everything but the session that asked.
-- KEYS: account, session, attempt, otherAddresses
-- ARGV: sid, actor, bindingLifeMs, oldTag
-- Returns: ok(user) | ended | gone
-- include ../../platform/redis/lua/_time.lua
-- include ../accounts/_user.lua
-- include ../activity/_activity.lua
-- include ../accounts/_credentials.lua

local now = now_ms()
if redis.call('EXISTS', KEY.session) == 0 then return { 'ended' } end
local attempt = redis.call('HMGET', KEY.attempt, 'provenAt', 'credentialVersion', 'email', 'newTag')
local account = redis.call('HMGET', KEY.account, 'status', 'credentialVersion')
local is_over = not attempt[1] or now >= tonumber(attempt[1]) + ARG.bindingLifeMs
if is_over or account[1] ~= 'active' or account[2] ~= attempt[2] then
  record_activity(KEY.account, now, ARG.actor, 'email_changed', 'gone', 'email')
  return { 'gone' }
end
redis.call('HSET', KEY.account, 'email', attempt[3])
redis.call('SREM', KEY.otherAddresses, attempt[4])
redis.call('SADD', KEY.otherAddresses, ARG.oldTag)
tell_changed(KEY.account, 'email')
end_all_but(KEY.account, ARG.sid)
record_activity(KEY.account, now, ARG.actor, 'email_changed', 'ok', 'email')
return { 'ok', user_of(KEY.account) }
