#!lua
-- Judges the code of a change of address. A right one is not spent: the attempt is marked proven, so that the same code goes on after
-- a crash until the change is complete. A decoy attempt (the address has an account) is always judged wrong.
-- KEYS: account, attempt, attempts, failures, session, otherAddresses
-- ARGV: addressTag, purpose, method, proof, mostWrong, dailyFailures, lockAfter, attemptId, actor, bindingLifeMs
-- Returns: ok(email, newTag) | ended | gone | locked(waitMs) | expired | wrong(attemptsLeft, isBudgetSpent)
-- include ../../platform/redis/lua/_time.lua
-- include ../../platform/redis/lua/_indexed.lua
-- include ../activity/_activity.lua
-- include ../challenges/_judge.lua

local now = now_ms()
if redis.call('EXISTS', KEY.session) == 0 then return { 'ended' } end

local function refuse(answer)
  record_activity(KEY.account, now, ARG.actor, 'email_changed', answer[1], 'email')
  return answer
end

local attempt = redis.call('HMGET', KEY.attempt, 'purpose', 'provenAt', 'codeMac', 'credentialVersion', 'decoy', 'email', 'newTag')
if attempt[2] then
  local account = redis.call('HMGET', KEY.account, 'status', 'credentialVersion')
  local is_young = attempt[1] == 'email-change' and now < tonumber(attempt[2]) + ARG.bindingLifeMs
  local goes_on = is_young and account[1] == 'active' and account[2] == attempt[4]
  if goes_on and is_right(attempt[3], ARG.proof) then return { 'ok', attempt[6], attempt[7] } end
  return refuse({ 'gone' })
end
if attempt[5] == '1' then ARG.proof = '' end
local refused = judge(KEY, ARG, now)
if refused then return refuse(refused) end

redis.call('HSET', KEY.attempt, 'purpose', attempt[1], 'provenAt', now, 'codeMac', attempt[3], 'credentialVersion', attempt[4],
  'email', attempt[6], 'newTag', attempt[7], 'wrong', 0, 'codeExpiresAt', 0)
redis.call('PEXPIRE', KEY.attempt, ARG.bindingLifeMs)
add_to_index(KEY.attempts, ARG.attemptId, now, ARG.bindingLifeMs)
redis.call('SADD', KEY.otherAddresses, attempt[7])
return { 'ok', attempt[6], attempt[7] }
