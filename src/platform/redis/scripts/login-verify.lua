#!lua
-- Judges a login attempt; a right code becomes a session and is gone.
-- KEYS: account, attempt, failures, session, sessions, devices.
-- ARGV: the 8 arguments of judge, trace, then the arguments of open_session.
-- Returns { 'ok', device known, user } | what judge refuses with.
-- include _time
-- include _budget
-- include _code
-- include _session
-- include _activity
-- include _judge

local now = now_ms()
local refused = judge(KEYS[1], KEYS[2], KEYS[3], now, ARGV)
if refused then
  if redis.call('EXISTS', KEYS[1]) == 1 then tell(KEYS[1], now, ARGV[9], 'login', refused[1], ARGV[3]) end
  return refused
end
tell(KEYS[1], now, ARGV[9], 'login', 'ok', ARGV[3])
return { 'ok', open_session(KEYS[4], KEYS[5], KEYS[6], now, { unpack(ARGV, 10) }), user_of(KEYS[1]) }
