#!lua
-- Replaces the recovery codes, all at once. They belong to an authenticator.
-- KEYS: account, session, recovery. ARGV: sid, trace, then the hashes of the codes. Returns { 'ok' } | { 'ended' } | { 'none' }.
-- include _time
-- include _activity
-- include _credentials

local now = now_ms()
if redis.call('EXISTS', KEYS[2]) == 0 or redis.call('HGET', KEYS[1], 'status') ~= 'active' then return { 'ended' } end
if not redis.call('HGET', KEYS[1], 'totp') then
  tell(KEYS[1], now, ARGV[2], 'recovery_codes_new', 'none', 'recovery_code')
  return { 'none' }
end
redis.call('DEL', KEYS[3])
redis.call('SADD', KEYS[3], unpack(ARGV, 3))
end_all_but(KEYS[1], ARGV[1])
tell(KEYS[1], now, ARGV[2], 'recovery_codes_new', 'ok', 'recovery_code')
return { 'ok' }
