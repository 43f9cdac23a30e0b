#!lua
-- Judges the code of a change of address. A right one is not spent: the attempt is marked proven, so that the same code goes on
-- after a crash until the change is complete. A decoy attempt (the address has an account) is always judged wrong.
-- KEYS: account, attempt, attempts, failures, session, other addresses. ARGV: the 8 arguments of judge, trace, binding life ms.
-- Returns { 'ok', new address, its tag } | { 'ended' } | what judge refuses with.
-- include _time
-- include _budget
-- include _code
-- include _activity
-- include _judge

local now = now_ms()
local life = tonumber(ARGV[10])
if redis.call('EXISTS', KEYS[5]) == 0 then return { 'ended' } end

local function refuse(answer)
  tell(KEYS[1], now, ARGV[9], 'email_changed', answer[1], 'email')
  return answer
end

local attempt = redis.call('HMGET', KEYS[2], 'purpose', 'provenAt', 'codeMac', 'credentialVersion', 'decoy', 'email', 'newTag')
if attempt[2] then
  local account = redis.call('HMGET', KEYS[1], 'status', 'credentialVersion')
  local goes_on = attempt[1] == 'email-change' and account[1] == 'active' and account[2] == attempt[4] and now < tonumber(attempt[2]) + life
  if goes_on and is_right(attempt[3], ARGV[4]) then return { 'ok', attempt[6], attempt[7] } end
  return refuse({ 'gone' })
end
if attempt[5] == '1' then ARGV[4] = '' end
local refused = judge(KEYS[1], KEYS[2], KEYS[4], now, ARGV)
if refused then return refuse(refused) end

redis.call('HSET', KEYS[2], 'purpose', attempt[1], 'provenAt', now, 'codeMac', attempt[3], 'credentialVersion', attempt[4],
  'email', attempt[6], 'newTag', attempt[7], 'wrong', 0, 'codeExpiresAt', 0)
redis.call('PEXPIRE', KEYS[2], life)
redis.call('ZADD', KEYS[3], now + life, ARGV[8])
if redis.call('PTTL', KEYS[3]) < life then redis.call('PEXPIRE', KEYS[3], life) end
redis.call('SADD', KEYS[6], attempt[7])
return { 'ok', attempt[6], attempt[7] }
