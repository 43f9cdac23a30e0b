#!lua flags=no-writes
-- Tells who holds an address, and how long this source or this device must wait after wrong passwords.
-- KEYS: owner, sourceThrottle, deviceThrottle
-- ARGV: none
-- Returns: ok(accountId, sourceWaitMs, deviceWaitMs) - '' for an address that nobody holds
-- include ../../platform/redis/lua/_time.lua

local now = now_ms()
local function wait(key)
  local until_at = tonumber(redis.call('HGET', key, 'untilAt') or '0')
  return math.max(0, until_at - now)
end
return { 'ok', redis.call('HGET', KEY.owner, 'accountId') or '', wait(KEY.sourceThrottle), wait(KEY.deviceThrottle) }
