#!lua
-- Replaces the recovery codes, all at once. They belong to an authenticator.
-- KEYS: account, session, recovery
-- ARGV: sid, actor, ...hashes
-- Returns: ok | ended | none
-- include ../../platform/redis/lua/_time.lua
-- include ../activity/_activity.lua
-- include ../accounts/_credentials.lua

local now = now_ms()
if redis.call('EXISTS', KEY.session) == 0 or redis.call('HGET', KEY.account, 'status') ~= 'active' then return { 'ended' } end
if not redis.call('HGET', KEY.account, 'totp') then
  record_activity(KEY.account, now, ARG.actor, 'recovery_codes_new', 'none', 'recovery_code')
  return { 'none' }
end
redis.call('DEL', KEY.recovery)
redis.call('SADD', KEY.recovery, unpack(ARG.hashes))
end_all_but(KEY.account, ARG.sid)
record_activity(KEY.account, now, ARG.actor, 'recovery_codes_new', 'ok', 'recovery_code')
return { 'ok' }
