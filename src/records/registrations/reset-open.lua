#!lua
-- Opens a reset attempt for an address; a decoy one when it has no account: same shape, no code ever mailed, always judged wrong.
-- An older attempt of the same browser ends with it.
-- KEYS: attempt, attempts, mails, failures
-- ARGV: attemptId, mailsPerHour, mailsPerDay, dailyFailures, lifeMs, codeLifeMs, resendIntervalMs, olderId, attemptPrefix, ...fields
-- Returns: ok | mails(waitMs) | locked(waitMs)
-- include ../../platform/redis/lua/_time.lua
-- include ../../platform/redis/lua/_budget.lua
-- include ../../platform/redis/lua/_indexed.lua

local now = now_ms()
local wait = wait_for(KEY.failures, now, DAY_MS, ARG.dailyFailures)
if wait > 0 then return { 'locked', wait } end
wait = mails_wait(KEY.mails, now, ARG.mailsPerHour, ARG.mailsPerDay)
if wait > 0 then return { 'mails', wait } end

if ARG.olderId then
  redis.call('DEL', ARG.attemptPrefix .. ARG.olderId)
  redis.call('ZREM', KEY.attempts, ARG.olderId)
end
redis.call('HSET', KEY.attempt, 'wrong', 0, 'mailNo', 1, 'createdAt', now,
  'codeExpiresAt', now + ARG.codeLifeMs, 'resendAt', now + ARG.resendIntervalMs, unpack(ARG.fields))
redis.call('PEXPIRE', KEY.attempt, ARG.lifeMs)
add_to_index(KEY.attempts, ARG.attemptId, now, ARG.lifeMs)
count_moment(KEY.mails, now, ARG.attemptId)
return { 'ok' }
