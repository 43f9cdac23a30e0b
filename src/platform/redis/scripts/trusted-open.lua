#!lua
-- Makes the device of a session that has just been opened a trusted one. Not once the session has ended: a change of a
-- credential in between ended it, and trusted devices with it.
-- KEYS: account, session, trusted device, trusted devices. ARGV: device id, life ms, most devices, prefix of the devices' keys,
--       id of the record that this browser had before ('' = none), ip, device text, trace.
-- Returns { 'ok' } | { 'ended' }.
-- include _time
-- include _activity

local now = now_ms()
if redis.call('EXISTS', KEYS[2]) == 0 then return { 'ended' } end
local function drop(id)
  redis.call('DEL', ARGV[4] .. id)
  redis.call('ZREM', KEYS[4], id)
end
if ARGV[5] ~= '' then drop(ARGV[5]) end
redis.call('ZREMRANGEBYSCORE', KEYS[4], '-inf', now - tonumber(ARGV[2]))
for _, oldest in ipairs(redis.call('ZRANGE', KEYS[4], 0, -tonumber(ARGV[3]))) do drop(oldest) end
redis.call('HSET', KEYS[3], 'gen', 1, 'turnedAt', now, 'createdAt', now, 'ip', ARGV[6], 'device', ARGV[7])
redis.call('PEXPIRE', KEYS[3], ARGV[2])
redis.call('ZADD', KEYS[4], now, ARGV[1])
redis.call('PEXPIRE', KEYS[4], ARGV[2])
tell(KEYS[1], now, ARGV[8], 'trusted_device_added', 'ok')
return { 'ok' }
