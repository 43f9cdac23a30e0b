#!lua
-- Says which new address a link proves, and notes that its index may name the account from now on.
-- KEYS: account, otherAddresses
-- ARGV: linkId, newTag
-- Returns: ok | gone
-- include ../../platform/redis/lua/_time.lua

local account = redis.call('HMGET', KEY.account, 'status', 'newEmailId', 'newEmailEndsAt')
if account[1] ~= 'active' or account[2] ~= ARG.linkId or now_ms() >= tonumber(account[3]) then return { 'gone' } end
redis.call('SADD', KEY.otherAddresses, ARG.newTag)
return { 'ok' }
