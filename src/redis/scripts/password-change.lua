#!lua
-- Sets a new password after the current one was proven. Ends everything but the session that asked.
-- KEYS: account. ARGV: record that was proven, new record, 1 when it is long enough to stand alone, sid to keep, trace.
-- Returns { 'ok' } | { 'stale' } (changed meanwhile).
-- include _time
-- include _activity
-- include _credentials

if redis.call('HGET', KEYS[1], 'passwordHash') ~= ARGV[1] then return { 'stale' } end
redis.call('HSET', KEYS[1], 'passwordHash', ARGV[2], 'longPassword', ARGV[3])
end_all_but(KEYS[1], ARGV[4])
tell(KEYS[1], now_ms(), ARGV[5], 'password_changed', 'ok', 'pwd')
return { 'ok' }
