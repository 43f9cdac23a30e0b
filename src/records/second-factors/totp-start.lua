#!lua
-- Keeps a new secret until it is proven; one that was waiting is dead. An active authenticator stays what it is.
-- KEYS: account, session, pending
-- ARGV: sealed, lifeMs, actor
-- Returns: ok | ended
-- include ../../platform/redis/lua/_time.lua
-- include ../activity/_activity.lua

local now = now_ms()
if redis.call('EXISTS', KEY.session) == 0 or redis.call('HGET', KEY.account, 'status') ~= 'active' then return { 'ended' } end
redis.call('HSET', KEY.pending, 'secret', ARG.sealed, 'wrong', 0)
redis.call('PEXPIRE', KEY.pending, ARG.lifeMs)
record_activity(KEY.account, now, ARG.actor, 'totp_started', 'ok', 'totp')
return { 'ok' }
