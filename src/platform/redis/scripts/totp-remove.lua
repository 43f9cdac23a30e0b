#!lua
-- Forgets the authenticator and its recovery codes; the e-mailed code is there again, so that a second step remains.
-- KEYS: account, session, totp, totp-pending, recovery. ARGV: sid, trace. Returns { 'ok' } | { 'ended' } | { 'none' }.
-- include _time
-- include _activity
-- include _credentials

local now = now_ms()
if redis.call('EXISTS', KEYS[2]) == 0 or redis.call('HGET', KEYS[1], 'status') ~= 'active' then return { 'ended' } end
if not redis.call('HGET', KEYS[1], 'totp') then
  tell(KEYS[1], now, ARGV[2], 'totp_off', 'none', 'totp')
  return { 'none' }
end
redis.call('DEL', KEYS[3], KEYS[4], KEYS[5])
redis.call('HDEL', KEYS[1], 'totp', 'emailCode')
end_all_but(KEYS[1], ARGV[1])
tell(KEYS[1], now, ARGV[2], 'totp_off', 'ok', 'totp')
return { 'ok' }
