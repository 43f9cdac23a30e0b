#!lua
-- Makes the account of a proven sign-up together with its first session.
-- KEYS: account, session, sessions, devices. ARGV: provenAt, binding life ms, email, name, password record, long password, locale, trace, then the arguments of open_session.
-- Returns { 'ok', device known, user } | { 'gone' } (made already, or proven too long ago).
-- include _time
-- include _session
-- include _activity

local now = now_ms()
-- The same request once more, because its server died before it could answer.
if redis.call('EXISTS', KEYS[2]) == 1 then return { 'ok', 1, user_of(KEYS[1]) } end
if redis.call('EXISTS', KEYS[1]) == 1 or now >= tonumber(ARGV[1]) + tonumber(ARGV[2]) then return { 'gone' } end
redis.call('HSET', KEYS[1], 'email', ARGV[3], 'name', ARGV[4], 'passwordHash', ARGV[5], 'longPassword', ARGV[6], 'locale', ARGV[7], 'role', 'user',
  'status', 'active', 'twoFactor', 1, 'credentialVersion', 1, 'createdAt', now)
tell(KEYS[1], now, ARGV[8], 'sign_up', 'ok', 'email')
return { 'ok', open_session(KEYS[2], KEYS[3], KEYS[4], now, { unpack(ARGV, 9) }), user_of(KEYS[1]) }
