#!lua
-- Judges the code of a reset attempt. A right one is not spent here, so that a refused new password can be tried again; it is spent by
-- password-reset.lua, which can be done once per credential version.
-- KEYS: attempt, failures
-- ARGV: candidates, mostWrong, dailyFailures, attemptId
-- Returns: ok(accountId, credentialVersion) | gone | locked(waitMs) | expired | wrong(attemptsLeft)
-- include ../../platform/redis/lua/_time.lua
-- include ../challenges/_code.lua

local now = now_ms()
local attempt = redis.call('HMGET', KEY.attempt, 'purpose', 'wrong', 'decoy', 'codeMac', 'codeExpiresAt', 'accountId', 'credentialVersion')
if attempt[1] ~= 'reset' or tonumber(attempt[2]) >= ARG.mostWrong then return { 'gone' } end
local wait = wait_for(KEY.failures, now, DAY_MS, ARG.dailyFailures)
if wait > 0 then return { 'locked', wait } end
if tonumber(attempt[5]) <= now then return { 'expired' } end
if attempt[3] == '0' and is_right(attempt[4], ARG.candidates) then return { 'ok', attempt[6], attempt[7] } end
local wrong = redis.call('HINCRBY', KEY.attempt, 'wrong', 1)
count_moment(KEY.failures, now, ARG.attemptId .. wrong)
return { 'wrong', ARG.mostWrong - wrong }
