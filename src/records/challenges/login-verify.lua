#!lua
-- Judges a login attempt; a right code opens a session and is gone.
-- KEYS: account, attempt, failures, session, sessions, devices
-- ARGV: addressTag, purpose, method, proof, mostWrong, dailyFailures, lockAfter, attemptId, actor, sid, mostSessions, idleMs, absoluteMs,
--       amr, oldDeviceHash, newDeviceHash, isFresh, timeZone
-- Returns: ok(isKnownDevice, authAtMs, user) | gone | locked(waitMs) | expired | wrong(attemptsLeft, isBudgetSpent)
--          | invalid | cloned
-- include ../../platform/redis/lua/_time.lua
-- include ../accounts/_user.lua
-- include ../sessions/_session.lua
-- include ./_judge.lua

local now = now_ms()
local refused = judge(KEY, ARG, now)
if refused then
  record_activity(KEY.account, now, ARG.actor, 'login', refused[1], ARG.method)
  return refused
end
record_activity(KEY.account, now, ARG.actor, 'login', 'ok', ARG.method)
return { 'ok', open_session(KEY, ARG, now), now, user_of(KEY.account) }
