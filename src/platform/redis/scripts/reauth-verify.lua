#!lua
-- Judges the second step of a reauthentication; a right one makes the session recent. Wrong ones
-- are counted over all attempts of the session, and too many end it: asking for another attempt wins no more guesses.
-- KEYS: account, attempt, failures, session, sessions. ARGV: the 8 arguments of judge, trace, sid.
-- Returns { 'ok', authAt, amr, user } | { 'ended' } | what judge refuses with.
-- include _time
-- include _budget
-- include _code
-- include _session
-- include _activity
-- include _judge

local now = now_ms()
if redis.call('EXISTS', KEYS[4]) == 0 then return { 'ended' } end
local refused = judge(KEYS[1], KEYS[2], KEYS[3], now, ARGV)
if refused then
  tell(KEYS[1], now, ARGV[9], 'reauthentication', refused[1], ARGV[3])
  if refused[1] ~= 'wrong' then return refused end
  local left = tonumber(ARGV[5]) - redis.call('HINCRBY', KEYS[4], 'wrongCodes', 1)
  refused[2] = math.min(refused[2], left)
  if refused[2] <= 0 then
    redis.call('DEL', KEYS[4])
    redis.call('ZREM', KEYS[5], ARGV[10])
  end
  return refused
end
redis.call('HSET', KEYS[4], 'authAt', now, 'recentAt', now, 'amr', 'pwd otp')
redis.call('HDEL', KEYS[4], 'wrongCodes', 'wrongPasswords')
tell(KEYS[1], now, ARGV[9], 'reauthentication', 'ok', ARGV[3])
return { 'ok', tostring(now), 'pwd otp', user_of(KEYS[1]) }
