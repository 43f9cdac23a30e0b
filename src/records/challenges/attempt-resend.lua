#!lua
-- Decides whether the code of an attempt may be mailed again: the same one while half its life is left, else the new one given here.
-- Without an account it is an attempt of an address.
-- KEYS: attempt, mails, failures, account?
-- ARGV: addressTag, mostWrong, mailsPerHour, mailsPerDay, resendIntervalMs, codeLifeMs, codeMac, codeSealed, attemptId, dailyFailures,
--       lockAfter, channel, actor
-- Returns: ok(codeLeftMs, mailNo) | gone | early(waitMs) | mails(waitMs) | locked(waitMs) - -1 until the lock is lifted
-- include ../../platform/redis/lua/_time.lua
-- include ./_code.lua
-- include ../activity/_activity.lua

local now = now_ms()
local attempt = redis.call('HMGET', KEY.attempt,
  'codeExpiresAt', 'wrong', 'resendAt', 'addressTag', 'credentialVersion', 'provenAt', 'channel')
if not attempt[1] or attempt[6] or tonumber(attempt[2]) >= ARG.mostWrong then return { 'gone' } end
if ARG.addressTag and ARG.addressTag ~= attempt[4] then return { 'gone' } end
local wait
if KEY.account then
  local account = redis.call('HMGET', KEY.account, 'status', 'credentialVersion')
  if account[1] ~= 'active' or account[2] ~= attempt[5] then return { 'gone' } end
  wait = guess_wait(KEY.account, KEY.failures, now, ARG.dailyFailures, ARG.lockAfter)
else
  wait = wait_for(KEY.failures, now, DAY_MS, ARG.dailyFailures)
end
if wait ~= 0 then return { 'locked', wait } end
wait = tonumber(attempt[3]) - now
if wait > 0 then return { 'early', wait } end
wait = mails_wait(KEY.mails, now, ARG.mailsPerHour, ARG.mailsPerDay)
if wait > 0 then return { 'mails', wait } end

local expires_at = tonumber(attempt[1])
if expires_at - now < ARG.codeLifeMs / 2 or attempt[7] ~= ARG.channel then
  expires_at = now + math.min(ARG.codeLifeMs, redis.call('PTTL', KEY.attempt))
  redis.call('HSET', KEY.attempt, 'codeMac', ARG.codeMac, 'codeSealed', ARG.codeSealed, 'codeExpiresAt', expires_at, 'channel', ARG.channel)
end
redis.call('HSET', KEY.attempt, 'resendAt', now + ARG.resendIntervalMs)
local mail_no = redis.call('HINCRBY', KEY.attempt, 'mailNo', 1)
count_moment(KEY.mails, now, ARG.attemptId .. mail_no)
if KEY.account then record_activity(KEY.account, now, ARG.actor, 'code_resent', 'ok', ARG.channel) end
return { 'ok', expires_at - now, mail_no }
