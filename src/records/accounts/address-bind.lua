#!lua
-- Binds a proven address to an account, if it is free, the account's already, or left over from an account that has another address
-- now or is gone (staleId). Makes every other attempt for the address a decoy. Safe to repeat.
-- KEYS: owner, attempts
-- ARGV: accountId, staleId, bindingLifeMs, attemptPrefix
-- Returns: ok(version) | taken
-- include ../../platform/redis/lua/_time.lua
-- include ./_decoys.lua

local now = now_ms()
local owner = redis.call('HMGET', KEY.owner, 'accountId', 'boundAt')
if owner[1] and owner[1] ~= ARG.accountId then
  -- A young one may still become an account: its sign-up is being finished.
  local is_stale = owner[1] == ARG.staleId and tonumber(owner[2]) + ARG.bindingLifeMs < now
  if not is_stale then return { 'taken' } end
end
redis.call('HSET', KEY.owner, 'accountId', ARG.accountId, 'boundAt', now)
make_decoys(KEY.attempts, ARG.attemptPrefix)
return { 'ok', tostring(now) }
