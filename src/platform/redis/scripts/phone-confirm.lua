#!lua
-- Judges the code that was sent to a number; a right one makes the number the account's. Ends everything but the asking session.
-- KEYS: account, attempt, failures, session. ARGV: the 8 arguments of judge, trace, sid.
-- Returns { 'ok', user } | { 'ended' } | what judge refuses with.
-- include _time
-- include _budget
-- include _code
-- include _session
-- include _activity
-- include _credentials
-- include _judge

local now = now_ms()
if redis.call('EXISTS', KEYS[4]) == 0 then return { 'ended' } end
local phone = redis.call('HGET', KEYS[2], 'phone')
local refused = judge(KEYS[1], KEYS[2], KEYS[3], now, ARGV)
if refused then
  tell(KEYS[1], now, ARGV[9], 'phone_on', refused[1], 'sms')
  return refused
end
redis.call('HSET', KEYS[1], 'phone', phone)
end_all_but(KEYS[1], ARGV[10])
tell(KEYS[1], now, ARGV[9], 'phone_on', 'ok', 'sms')
return { 'ok', user_of(KEYS[1]) }
