#!lua
-- Makes a session recent after a right password, for an account that has no second step.
-- KEYS: account, session. ARGV: credential version, trace. Returns { 'ok', authAt, amr, user } | { 'ended' }.
-- include _time
-- include _session
-- include _activity

local now = now_ms()
local account = redis.call('HMGET', KEYS[1], 'status', 'credentialVersion')
if redis.call('EXISTS', KEYS[2]) == 0 or account[1] ~= 'active' or account[2] ~= ARGV[1] then return { 'ended' } end
redis.call('HSET', KEYS[2], 'authAt', now, 'recentAt', now)
redis.call('HDEL', KEYS[2], 'wrongPasswords')
tell(KEYS[1], now, ARGV[2], 'reauthentication', 'ok', 'pwd')
return { 'ok', tostring(now), redis.call('HGET', KEYS[2], 'amr'), user_of(KEYS[1]) }
