#!lua
-- Makes a session recent after a right password, for an account that has no second step.
-- KEYS: account, session
-- ARGV: credentialVersion, actor
-- Returns: ok(authAtMs, amr, user) | ended
-- include ../../platform/redis/lua/_time.lua
-- include ../accounts/_user.lua
-- include ../activity/_activity.lua
-- include ./_proof.lua

local now = now_ms()
local account = redis.call('HMGET', KEY.account, 'status', 'credentialVersion')
local is_over = redis.call('EXISTS', KEY.session) == 0 or account[1] ~= 'active'
if is_over or account[2] ~= ARG.credentialVersion then return { 'ended' } end
local proven_at = mark_proven(KEY.session, now)
record_activity(KEY.account, now, ARG.actor, 'reauthentication', 'ok', 'pwd')
return { 'ok', proven_at, redis.call('HGET', KEY.session, 'amr'), user_of(KEY.account) }
