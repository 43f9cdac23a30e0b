#!lua
-- Sets a new password after the current one was proven. Ends everything but the session that asked.
-- KEYS: account, session. ARGV: credential version that was proven, new record, 1 when it is long enough to stand alone, sid to keep, trace.
-- Returns { 'ok' } | { 'stale' } (a credential changed meanwhile) | { 'ended' } (the session or the account is over).
-- include _time
-- include _activity
-- include _credentials

local account = redis.call('HMGET', KEYS[1], 'status', 'credentialVersion')
if account[1] ~= 'active' or redis.call('EXISTS', KEYS[2]) == 0 then return { 'ended' } end
if account[2] ~= ARGV[1] then return { 'stale' } end
redis.call('HSET', KEYS[1], 'passwordHash', ARGV[2], 'longPassword', ARGV[3])
redis.call('HDEL', KEYS[2], 'wrongPasswords')
end_all_but(KEYS[1], ARGV[4])
tell(KEYS[1], now_ms(), ARGV[5], 'password_changed', 'ok', 'pwd')
return { 'ok' }
