#!lua
-- Makes an account that has no password yet: its owner chooses one by the mailed link. The same link again is the same request.
-- KEYS: account
-- ARGV: actor, linkId, linkLifeMs, ...fields
-- Returns: ok | taken
-- include ../../platform/redis/lua/_time.lua
-- include ../activity/_activity.lua
-- include ../events/_events.lua

local now = now_ms()
if redis.call('EXISTS', KEY.account) == 1 then
  return { redis.call('HGET', KEY.account, 'inviteId') == ARG.linkId and 'ok' or 'taken' }
end
redis.call('HSET', KEY.account, 'role', 'user', 'status', 'invited', 'passwordHash', '', 'longPassword', 0, 'twoFactor', 1,
  'credentialVersion', 1, 'createdAt', now, 'inviteId', ARG.linkId, 'inviteEndsAt', now + ARG.linkLifeMs, unpack(ARG.fields))
tell(KEY.account, 'account.created')
record_activity(KEY.account, now, ARG.actor, 'invited', 'ok', 'email')
return { 'ok' }
