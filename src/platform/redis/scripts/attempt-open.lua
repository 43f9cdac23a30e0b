#!lua
-- Opens an attempt of an account: a login after a right password, or a signed-in person's proof.
-- KEYS: account, attempt, attempts, mails, failures.
-- ARGV: attempt id, credential version, mails per hour, mails per day, wrong codes per day, lock after, attempt life ms,
--       code life ms (0 = no code is sent yet), resend interval ms, trace, event, then the attempt's fields and values.
-- Returns { 'ok' } | { 'stale' } (the account changed meanwhile) | { 'locked', ms or -1 } | { 'mails', ms }.
-- include _time
-- include _budget
-- include _code
-- include _activity

local now = now_ms()
local account = redis.call('HMGET', KEYS[1], 'status', 'credentialVersion')
if account[1] ~= 'active' or account[2] ~= ARGV[2] then return { 'stale' } end
local code_life = tonumber(ARGV[8])
local wait = guess_wait(KEYS[1], KEYS[5], now, tonumber(ARGV[5]), tonumber(ARGV[6]))
if wait ~= 0 then
  tell(KEYS[1], now, ARGV[10], ARGV[11], 'locked', 'pwd')
  return { 'locked', wait }
end
if code_life > 0 then
  wait = mails_wait(KEYS[4], now, tonumber(ARGV[3]), tonumber(ARGV[4]))
  if wait > 0 then
    tell(KEYS[1], now, ARGV[10], ARGV[11], 'limited', 'pwd')
    return { 'mails', wait }
  end
end

local life = tonumber(ARGV[7])
redis.call('DEL', KEYS[2])
redis.call('HSET', KEYS[2], 'credentialVersion', ARGV[2], 'wrong', 0, 'createdAt', now, unpack(ARGV, 12))
if code_life > 0 then
  redis.call('HSET', KEYS[2], 'mailNo', 1, 'codeExpiresAt', now + code_life, 'resendAt', now + tonumber(ARGV[9]))
  count_moment(KEYS[4], now, ARGV[1])
else
  redis.call('HSET', KEYS[2], 'mailNo', 0, 'codeExpiresAt', 0, 'resendAt', now)
end
redis.call('PEXPIRE', KEYS[2], life)
redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', now)
redis.call('ZADD', KEYS[3], now + life, ARGV[1])
-- Attempts of other purposes in the same index may live longer.
if redis.call('PTTL', KEYS[3]) < life then redis.call('PEXPIRE', KEYS[3], life) end
tell(KEYS[1], now, ARGV[10], ARGV[11], 'ok', 'pwd')
return { 'ok' }
