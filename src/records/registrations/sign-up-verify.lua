#!lua
-- Judges the code of a sign-up attempt. A right one binds the address to the attempt's future account and makes every other attempt for
-- it a decoy. The same code again continues after a crash, as long as the binding may still be finished.
-- KEYS: owner, attempt, attempts, failures
-- ARGV: isOtherAddress, candidates, mostWrong, dailyFailures, attemptId, bindingLifeMs, attemptPrefix
-- Returns: ok(provenAt, accountId, name, emailSealed, passwordHash, locale, isLong) | gone | locked(waitMs) | expired | wrong(attemptsLeft)
-- include ../../platform/redis/lua/_time.lua
-- include ../../platform/redis/lua/_indexed.lua
-- include ../challenges/_code.lua
-- include ../accounts/_decoys.lua

local now = now_ms()
local attempt = redis.call('HMGET', KEY.attempt, 'codeMac', 'codeExpiresAt', 'wrong', 'decoy', 'provenAt',
  'accountId', 'name', 'emailSealed', 'passwordHash', 'locale', 'longPassword', 'purpose')
if attempt[12] ~= 'sign-up' or tonumber(attempt[3]) >= ARG.mostWrong or ARG.isOtherAddress then return { 'gone' } end
local right = attempt[4] == '0' and is_right(attempt[1], ARG.candidates)
if attempt[5] then
  if not right then return { 'gone' } end
  return { 'ok', attempt[5], unpack(attempt, 6, 11) }
end
local wait = wait_for(KEY.failures, now, DAY_MS, ARG.dailyFailures)
if wait > 0 then return { 'locked', wait } end
if tonumber(attempt[2]) <= now then return { 'expired' } end

if not right then
  local wrong = redis.call('HINCRBY', KEY.attempt, 'wrong', 1)
  count_moment(KEY.failures, now, ARG.attemptId .. wrong)
  return { 'wrong', ARG.mostWrong - wrong }
end
if redis.call('EXISTS', KEY.owner) == 1 then return { 'gone' } end

redis.call('HSET', KEY.owner, 'accountId', attempt[6], 'boundAt', now)
make_decoys(KEY.attempts, ARG.attemptPrefix, ARG.attemptId)
redis.call('HSET', KEY.attempt, 'provenAt', now)
redis.call('PEXPIRE', KEY.attempt, ARG.bindingLifeMs)
add_to_index(KEY.attempts, ARG.attemptId, now, ARG.bindingLifeMs)
return { 'ok', now, unpack(attempt, 6, 11) }
