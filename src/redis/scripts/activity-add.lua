#!lua
-- Tells an account of something that changed nothing of it, such as a wrong password. Takes the same steps for nobody's.
-- KEYS: account. ARGV: trace, event, result, factor. Returns { 'ok' }.
-- include _time
-- include _activity

if redis.call('EXISTS', KEYS[1]) == 1 then tell(KEYS[1], now_ms(), ARGV[1], ARGV[2], ARGV[3], ARGV[4]) end
return { 'ok' }
