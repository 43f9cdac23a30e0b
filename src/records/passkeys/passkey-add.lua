#!lua
-- Adds a passkey to an account. Ends everything but the asking session.
-- KEYS: account, session, passkeys
-- ARGV: sid, id, passkey, mostPasskeys, actor
-- Returns: ok | ended | invalid - it is there already | full
-- include ../../platform/redis/lua/_time.lua
-- include ../activity/_activity.lua
-- include ../accounts/_credentials.lua

local now = now_ms()
if redis.call('EXISTS', KEY.session) == 0 or redis.call('HGET', KEY.account, 'status') ~= 'active' then return { 'ended' } end
if redis.call('HEXISTS', KEY.passkeys, ARG.id) == 1 then return { 'invalid' } end
local count = redis.call('HLEN', KEY.passkeys) + 1
if count > ARG.mostPasskeys then return { 'full' } end
redis.call('HSET', KEY.passkeys, ARG.id, ARG.passkey)
redis.call('HSET', KEY.account, 'passkeys', count)
tell_changed(KEY.account, 'secondFactors')
end_all_but(KEY.account, ARG.sid)
record_activity(KEY.account, now, ARG.actor, 'passkey_added', 'ok', 'passkey')
return { 'ok' }
