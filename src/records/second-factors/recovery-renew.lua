#!lua
-- Replaces the recovery codes, all at once. They stand in for a lost authenticator or passkey.
-- KEYS: account, session, recovery
-- ARGV: sid, actor, ...hashes
-- Returns: ok | ended | none
-- include ../../platform/redis/lua/_time.lua
-- include ../activity/_activity.lua
-- include ../accounts/_credentials.lua

local now = now_ms()
if redis.call('EXISTS', KEY.session) == 0 or redis.call('HGET', KEY.account, 'status') ~= 'active' then return { 'ended' } end
local factors = redis.call('HMGET', KEY.account, 'totp', 'passkeys')
if not factors[1] and not factors[2] then
  record_activity(KEY.account, now, ARG.actor, 'recovery_codes_new', 'none', 'recovery_code')
  return { 'none' }
end
redis.call('DEL', KEY.recovery)
redis.call('SADD', KEY.recovery, unpack(ARG.hashes))
redis.call('HSET', KEY.account, 'recovery', 1)
tell_changed(KEY.account, 'recoveryCodes')
end_all_but(KEY.account, ARG.sid)
record_activity(KEY.account, now, ARG.actor, 'recovery_codes_new', 'ok', 'recovery_code')
return { 'ok' }
