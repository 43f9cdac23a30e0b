#!lua
-- Makes the account of a proven sign-up together with its first session.
-- KEYS: account, session, sessions, devices
-- ARGV: provenAt, bindingLifeMs, email, name, passwordHash, isLong, locale, actor, sid, mostSessions, idleMs, absoluteMs, amr,
--       oldDeviceHash, newDeviceHash, isFresh, timeZone
-- Returns: ok(authAtMs, user) | gone - made already, or proven too long ago
-- include ../../platform/redis/lua/_time.lua
-- include ../accounts/_user.lua
-- include ../sessions/_session.lua

local now = now_ms()
-- The same request once more, because its server died before it could answer.
if redis.call('EXISTS', KEY.session) == 1 then return { 'ok', redis.call('HGET', KEY.session, 'authAt'), user_of(KEY.account) } end
if redis.call('EXISTS', KEY.account) == 1 or now >= ARG.provenAt + ARG.bindingLifeMs then return { 'gone' } end
redis.call('HSET', KEY.account, 'email', ARG.email, 'name', ARG.name, 'passwordHash', ARG.passwordHash,
  'longPassword', ARG.isLong and 1 or 0, 'locale', ARG.locale, 'role', 'user', 'status', 'active', 'twoFactor', 1,
  'credentialVersion', 1, 'createdAt', now)
tell(KEY.account, 'account.created')
record_activity(KEY.account, now, ARG.actor, 'sign_up', 'ok', 'email')
open_session(KEY, ARG, now)
return { 'ok', now, user_of(KEY.account) }
