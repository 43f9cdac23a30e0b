#!lua
-- Removes a passkey, unless the mailed code is off and too little would be left. Ends everything but the asking session. Recovery codes go
-- with the last factor that they stand in for.
-- KEYS: account, session, passkeys, recovery
-- ARGV: sid, id, actor
-- Returns: ok | ended | none | only - nothing else would remain
-- include ../../platform/redis/lua/_time.lua
-- include ../activity/_activity.lua
-- include ../accounts/_credentials.lua
-- include ../accounts/_factors.lua

local now = now_ms()
local account = redis.call('HMGET', KEY.account, 'status', 'emailCode', 'totp')
if redis.call('EXISTS', KEY.session) == 0 or account[1] ~= 'active' then return { 'ended' } end
if redis.call('HEXISTS', KEY.passkeys, ARG.id) == 0 then return { 'none' } end
local left = redis.call('HLEN', KEY.passkeys) - 1
if account[2] == '0' and not stands_without_mail(KEY.account, account[3], left) then
  record_activity(KEY.account, now, ARG.actor, 'passkey_removed', 'only', 'passkey')
  return { 'only' }
end
redis.call('HDEL', KEY.passkeys, ARG.id)
if left > 0 then
  redis.call('HSET', KEY.account, 'passkeys', left)
else
  redis.call('HDEL', KEY.account, 'passkeys')
  if not account[3] then
    redis.call('DEL', KEY.recovery)
    redis.call('HDEL', KEY.account, 'recovery')
  end
end
tell_changed(KEY.account, 'secondFactors')
end_all_but(KEY.account, ARG.sid)
record_activity(KEY.account, now, ARG.actor, 'passkey_removed', 'ok', 'passkey')
return { 'ok' }
