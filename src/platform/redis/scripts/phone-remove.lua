#!lua
-- Forgets the number of an account. Ends everything but the asking session.
-- KEYS: account, session. ARGV: sid, trace. Returns { 'ok', user } | { 'ended' } | { 'none' }.
-- include _time
-- include _session
-- include _activity
-- include _credentials

local now = now_ms()
if redis.call('EXISTS', KEYS[2]) == 0 or redis.call('HGET', KEYS[1], 'status') ~= 'active' then return { 'ended' } end
if not redis.call('HGET', KEYS[1], 'phone') then
  tell(KEYS[1], now, ARGV[2], 'phone_off', 'none', 'sms')
  return { 'none' }
end
redis.call('HDEL', KEYS[1], 'phone')
end_all_but(KEYS[1], ARGV[1])
tell(KEYS[1], now, ARGV[2], 'phone_off', 'ok', 'sms')
return { 'ok', user_of(KEYS[1]) }
