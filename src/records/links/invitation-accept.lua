#!lua
-- Gives an invited account its name and password, once. The link has proven the address; it signs nobody in.
-- KEYS: account
-- ARGV: actor, linkId, name, locale, record, isLong
-- Returns: ok | gone
-- include ../../platform/redis/lua/_time.lua
-- include ../activity/_activity.lua
-- include ../events/_events.lua

local now = now_ms()
local account = redis.call('HMGET', KEY.account, 'status', 'inviteId', 'inviteEndsAt')
if account[1] ~= 'invited' or account[2] ~= ARG.linkId or now >= tonumber(account[3]) then return { 'gone' } end
redis.call('HSET', KEY.account, 'status', 'active', 'name', ARG.name, 'locale', ARG.locale, 'passwordHash', ARG.record,
  'longPassword', ARG.isLong and 1 or 0)
redis.call('HDEL', KEY.account, 'inviteId', 'inviteEndsAt')
redis.call('HINCRBY', KEY.account, 'credentialVersion', 1)
tell_changed(KEY.account, 'status', 'name', 'locale', 'password')
record_activity(KEY.account, now, ARG.actor, 'invitation_accepted', 'ok', 'email')
return { 'ok' }
