#!lua
-- Switches the authenticator on, or replaces the one that was on, after a first right code. The asking session has now given
-- a second step; all others end. The time step is spent: the same code does not log in.
-- KEYS: account, session, totp-pending, totp, recovery.
-- ARGV: sealed secret that the code was compared with ('' = none), matching time step or '', most wrong codes, sid, trace,
--       then the hashes of the recovery codes.
-- Returns { 'ok' } | { 'ended' } | { 'gone' } | { 'wrong', left }.
-- include _time
-- include _activity
-- include _credentials

local now = now_ms()
if redis.call('EXISTS', KEYS[2]) == 0 or redis.call('HGET', KEYS[1], 'status') ~= 'active' then return { 'ended' } end
if ARGV[1] == '' or redis.call('HGET', KEYS[3], 'secret') ~= ARGV[1] then
  tell(KEYS[1], now, ARGV[5], 'totp_on', 'gone', 'totp')
  return { 'gone' }
end
if ARGV[2] == '' then
  tell(KEYS[1], now, ARGV[5], 'totp_on', 'wrong', 'totp')
  local left = tonumber(ARGV[3]) - redis.call('HINCRBY', KEYS[3], 'wrong', 1)
  if left <= 0 then redis.call('DEL', KEYS[3]) end
  return { 'wrong', left }
end

redis.call('DEL', KEYS[3], KEYS[4], KEYS[5])
redis.call('HSET', KEYS[4], 'secret', ARGV[1], 'lastStep', ARGV[2])
redis.call('SADD', KEYS[5], unpack(ARGV, 6))
redis.call('HSET', KEYS[1], 'totp', 1, 'twoFactor', 1)
redis.call('HSET', KEYS[2], 'amr', 'pwd otp')
end_all_but(KEYS[1], ARGV[4])
tell(KEYS[1], now, ARGV[5], 'totp_on', 'ok', 'totp')
return { 'ok' }
