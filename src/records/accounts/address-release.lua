#!lua
-- Releases an address that an account no longer has, with all that is kept for it: anybody may sign up with it.
-- KEYS: owner, attempts, ...others
-- ARGV: accountId, version, attemptPrefix
-- Returns: ok | kept - it is not this account's, or was bound again meanwhile
-- include ../../platform/redis/lua/_indexed.lua

local owner = redis.call('HMGET', KEY.owner, 'accountId', 'boundAt')
if owner[1] ~= ARG.accountId or (ARG.version and owner[2] ~= ARG.version) then return { 'kept' } end
end_indexed(KEY.attempts, ARG.attemptPrefix)
redis.call('DEL', KEY.owner, unpack(KEY.others))
return { 'ok' }
