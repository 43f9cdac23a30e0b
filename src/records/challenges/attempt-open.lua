#!lua
-- Opens an attempt of an account: a login after a right password, or a signed-in person's proof. Without codeLifeMs no code is sent yet.
-- KEYS: account, attempt, attempts, mails, failures
-- ARGV: attemptId, credentialVersion, mailsPerHour, mailsPerDay, dailyFailures, lockAfter, lifeMs, codeLifeMs, resendIntervalMs, actor,
--       event, ...fields
-- Returns: ok | stale - the account changed meanwhile | locked(waitMs) - -1 until the lock is lifted | mails(waitMs)
-- include ../../platform/redis/lua/_time.lua
-- include ../../platform/redis/lua/_indexed.lua
-- include ./_code.lua
-- include ../activity/_activity.lua

local now = now_ms()
local account = redis.call('HMGET', KEY.account, 'status', 'credentialVersion')
if account[1] ~= 'active' or account[2] ~= ARG.credentialVersion then return { 'stale' } end
local wait = guess_wait(KEY.account, KEY.failures, now, ARG.dailyFailures, ARG.lockAfter)
if wait ~= 0 then
  record_activity(KEY.account, now, ARG.actor, ARG.event, 'locked', 'pwd')
  return { 'locked', wait }
end
if ARG.codeLifeMs then
  wait = mails_wait(KEY.mails, now, ARG.mailsPerHour, ARG.mailsPerDay)
  if wait > 0 then
    record_activity(KEY.account, now, ARG.actor, ARG.event, 'limited', 'pwd')
    return { 'mails', wait }
  end
end

redis.call('DEL', KEY.attempt)
redis.call('HSET', KEY.attempt, 'credentialVersion', ARG.credentialVersion, 'wrong', 0, 'createdAt', now, unpack(ARG.fields))
if ARG.codeLifeMs then
  redis.call('HSET', KEY.attempt, 'mailNo', 1, 'codeExpiresAt', now + ARG.codeLifeMs, 'resendAt', now + ARG.resendIntervalMs)
  count_moment(KEY.mails, now, ARG.attemptId)
else
  redis.call('HSET', KEY.attempt, 'mailNo', 0, 'codeExpiresAt', 0, 'resendAt', now)
end
redis.call('PEXPIRE', KEY.attempt, ARG.lifeMs)
add_to_index(KEY.attempts, ARG.attemptId, now, ARG.lifeMs)
record_activity(KEY.account, now, ARG.actor, ARG.event, 'ok', 'pwd')
return { 'ok' }
