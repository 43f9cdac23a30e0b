#!lua
-- Opens a sign-up attempt; for an address that has an account a decoy one: same shape, no code ever mailed, always judged wrong.
-- KEYS: owner, attempt, attempts, mails, failures
-- ARGV: attemptId, staleId, bindingLifeMs, mailsPerHour, mailsPerDay, dailyFailures, lifeMs, codeLifeMs, resendIntervalMs, ...fields
-- Returns: ok | mails(waitMs) | locked(waitMs)
-- include ../../platform/redis/lua/_time.lua
-- include ../../platform/redis/lua/_budget.lua
-- include ../../platform/redis/lua/_indexed.lua

local now = now_ms()
local wait = wait_for(KEY.failures, now, DAY_MS, ARG.dailyFailures)
if wait > 0 then return { 'locked', wait } end
wait = mails_wait(KEY.mails, now, ARG.mailsPerHour, ARG.mailsPerDay)
if wait > 0 then return { 'mails', wait } end

local owner = redis.call('HMGET', KEY.owner, 'accountId', 'boundAt')
local is_decoy = 0
if owner[1] then
  -- A binding whose account was never made (a crash between two steps) or is gone is let go once nobody can finish it any more.
  local is_stale = owner[1] == ARG.staleId and tonumber(owner[2]) + ARG.bindingLifeMs < now
  if is_stale then redis.call('DEL', KEY.owner) else is_decoy = 1 end
end
redis.call('HSET', KEY.attempt, 'decoy', is_decoy, 'wrong', 0, 'mailNo', 1, 'createdAt', now,
  'codeExpiresAt', now + ARG.codeLifeMs, 'resendAt', now + ARG.resendIntervalMs, unpack(ARG.fields))
redis.call('PEXPIRE', KEY.attempt, ARG.lifeMs)
add_to_index(KEY.attempts, ARG.attemptId, now, ARG.lifeMs)
count_moment(KEY.mails, now, ARG.attemptId)
return { 'ok' }
