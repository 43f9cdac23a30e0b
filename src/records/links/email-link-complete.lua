#!lua
-- Gives an account the address that its owner has proven by the link, once. Everything of the account ends.
-- KEYS: account, otherAddresses
-- ARGV: actor, linkId, email, newTag, oldTag
-- Returns: ok | gone
-- include ../../platform/redis/lua/_time.lua
-- include ../activity/_activity.lua
-- include ../accounts/_credentials.lua

local account = redis.call('HMGET', KEY.account, 'status', 'newEmailId', 'newEmail')
if account[1] ~= 'active' or account[2] ~= ARG.linkId or account[3] ~= ARG.email then return { 'gone' } end
redis.call('HSET', KEY.account, 'email', ARG.email)
redis.call('SREM', KEY.otherAddresses, ARG.newTag)
redis.call('SADD', KEY.otherAddresses, ARG.oldTag)
tell_changed(KEY.account, 'email')
end_all_but(KEY.account)
record_activity(KEY.account, now_ms(), ARG.actor, 'email_changed', 'ok', 'email')
return { 'ok' }
