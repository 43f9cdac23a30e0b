#!lua
-- Makes a session recent by a passkey alone.
-- KEYS: account, session
-- ARGV: proof, actor, amr
-- Returns: ok(authAtMs, user) | ended | invalid | cloned
-- include ../../platform/redis/lua/_time.lua
-- include ../accounts/_user.lua
-- include ../activity/_activity.lua
-- include ../challenges/_proof.lua
-- include ./_passkey.lua

local now = now_ms()
if redis.call('EXISTS', KEY.session) == 0 or redis.call('HGET', KEY.account, 'status') ~= 'active' then return { 'ended' } end
local refused = use_passkey(KEY.account, ARG.proof, now)
record_activity(KEY.account, now, ARG.actor, 'reauthentication', refused or 'ok', 'passkey')
if refused then return { refused } end
redis.call('HSET', KEY.session, 'amr', ARG.amr)
return { 'ok', mark_proven(KEY.session, now), user_of(KEY.account) }
