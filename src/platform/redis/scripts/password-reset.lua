#!lua
-- Sets a new password after a right reset code, once: the credential version that the attempt was opened under must still stand.
-- Ends every session and lifts the lock of the code step. It never signs in and never skips the second step.
-- KEYS: account. ARGV: credential version, new record, 1 when it is long enough to stand alone, trace. Returns { 'ok' } | { 'gone' }.
-- include _time
-- include _activity
-- include _credentials

local account = redis.call('HMGET', KEYS[1], 'status', 'credentialVersion')
if account[1] ~= 'active' or account[2] ~= ARGV[1] then return { 'gone' } end
redis.call('HSET', KEYS[1], 'passwordHash', ARGV[2], 'longPassword', ARGV[3])
redis.call('HDEL', KEYS[1], 'wrongInRow')
end_all_but(KEYS[1], '')
tell(KEYS[1], now_ms(), ARGV[4], 'password_reset', 'ok', 'email')
return { 'ok' }
