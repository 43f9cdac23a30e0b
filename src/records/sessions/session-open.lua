#!lua
-- Opens a session for an account that needs no code: no second step is set.
-- KEYS: account, session, sessions, devices
-- ARGV: credentialVersion, actor, sid, mostSessions, idleMs, absoluteMs, amr, oldDeviceHash, newDeviceHash, isFresh, timeZone
-- Returns: ok(isKnownDevice, authAtMs, user) | stale - the account changed meanwhile
-- include ../../platform/redis/lua/_time.lua
-- include ../accounts/_user.lua
-- include ./_session.lua

local now = now_ms()
local account = redis.call('HMGET', KEY.account, 'status', 'credentialVersion')
if account[1] ~= 'active' or account[2] ~= ARG.credentialVersion then return { 'stale' } end
record_activity(KEY.account, now, ARG.actor, 'login', 'ok', 'pwd')
return { 'ok', open_session(KEY, ARG, now), now, user_of(KEY.account) }
