#!lua flags=no-writes
-- Who holds an address, and whether this source or this device must wait after wrong passwords.
-- KEYS: owner, throttle of the source, throttle of the device. ARGV: -
-- Returns { account id or '', ms the source must wait, ms the device must wait }.
-- include _time

local now = now_ms()
local function wait(key)
  local until_at = tonumber(redis.call('HGET', key, 'untilAt') or '0')
  return math.max(0, until_at - now)
end
return { redis.call('HGET', KEYS[1], 'accountId') or '', wait(KEYS[2]), wait(KEYS[3]) }
