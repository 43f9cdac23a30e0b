#!lua
-- Judges the code that was sent to a number; a right one makes the number the account's. Ends everything but the asking session.
-- KEYS: account, attempt, failures, session
-- ARGV: addressTag, purpose, method, proof, mostWrong, dailyFailures, lockAfter, attemptId, actor, sid
-- Returns: ok(user) | ended | gone | locked(waitMs) | expired | wrong(attemptsLeft, isBudgetSpent)
-- include ../../platform/redis/lua/_time.lua
-- include ../accounts/_user.lua
-- include ../activity/_activity.lua
-- include ../accounts/_credentials.lua
-- include ../challenges/_judge.lua

local now = now_ms()
if redis.call('EXISTS', KEY.session) == 0 then return { 'ended' } end
local phone = redis.call('HGET', KEY.attempt, 'phone')
local refused = judge(KEY, ARG, now)
if refused then
  record_activity(KEY.account, now, ARG.actor, 'phone_on', refused[1], 'sms')
  return refused
end
redis.call('HSET', KEY.account, 'phone', phone)
tell_changed(KEY.account, 'phone', 'secondFactors')
end_all_but(KEY.account, ARG.sid)
record_activity(KEY.account, now, ARG.actor, 'phone_on', 'ok', 'sms')
return { 'ok', user_of(KEY.account) }
