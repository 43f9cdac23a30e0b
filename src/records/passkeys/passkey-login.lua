#!lua
-- Signs in by a passkey alone: books its use and opens the session in one step.
-- KEYS: account, session, sessions, devices
-- ARGV: proof, actor, sid, mostSessions, idleMs, absoluteMs, amr, oldDeviceHash, newDeviceHash, isFresh, timeZone
-- Returns: ok(isKnownDevice, authAtMs, user) | invalid - no such key, or the account is disabled | cloned
-- include ../../platform/redis/lua/_time.lua
-- include ../accounts/_user.lua
-- include ../sessions/_session.lua
-- include ./_passkey.lua

local now = now_ms()
if redis.call('HGET', KEY.account, 'status') ~= 'active' then return { 'invalid' } end
local refused = use_passkey(KEY.account, ARG.proof, now)
record_activity(KEY.account, now, ARG.actor, 'login', refused or 'ok', 'passkey')
if refused then return { refused } end
return { 'ok', open_session(KEY, ARG, now), now, user_of(KEY.account) }
