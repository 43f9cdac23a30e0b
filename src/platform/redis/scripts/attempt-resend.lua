#!lua
-- Decides whether the code of an attempt may be mailed again: the same one while half its life is left, else the new one given here.
-- KEYS: attempt, mails, failures [, account]. Without an account it is an attempt of an address.
-- ARGV: address tag ('' = any), wrong codes per attempt, mails per hour, mails per day, resend interval ms, code life ms,
--       new code's MAC, new code sealed, attempt id, wrong codes per day, lock after, channel, trace.
-- Returns { 'ok', ms the code lives, mail number } | { 'gone' } | { 'early', ms } | { 'mails', ms } | { 'locked', ms or -1 }.
-- include _time
-- include _budget
-- include _code
-- include _activity

local now = now_ms()
local attempt = redis.call('HMGET', KEYS[1], 'codeExpiresAt', 'wrong', 'resendAt', 'addressTag', 'credentialVersion', 'provenAt', 'channel')
if not attempt[1] or attempt[6] or tonumber(attempt[2]) >= tonumber(ARGV[2]) then return { 'gone' } end
if ARGV[1] ~= '' and ARGV[1] ~= attempt[4] then return { 'gone' } end
local wait
if KEYS[4] then
  local account = redis.call('HMGET', KEYS[4], 'status', 'credentialVersion')
  if account[1] ~= 'active' or account[2] ~= attempt[5] then return { 'gone' } end
  wait = guess_wait(KEYS[4], KEYS[3], now, tonumber(ARGV[10]), tonumber(ARGV[11]))
else
  wait = wait_for(KEYS[3], now, DAY_MS, tonumber(ARGV[10]))
end
if wait ~= 0 then return { 'locked', wait } end
wait = tonumber(attempt[3]) - now
if wait > 0 then return { 'early', wait } end
wait = mails_wait(KEYS[2], now, tonumber(ARGV[3]), tonumber(ARGV[4]))
if wait > 0 then return { 'mails', wait } end

local life = tonumber(ARGV[6])
local expires_at = tonumber(attempt[1])
if expires_at - now < life / 2 or attempt[7] ~= ARGV[12] then
  expires_at = now + math.min(life, redis.call('PTTL', KEYS[1]))
  redis.call('HSET', KEYS[1], 'codeMac', ARGV[7], 'codeSealed', ARGV[8], 'codeExpiresAt', expires_at, 'channel', ARGV[12])
end
redis.call('HSET', KEYS[1], 'resendAt', now + tonumber(ARGV[5]))
local mail_no = redis.call('HINCRBY', KEYS[1], 'mailNo', 1)
count_moment(KEYS[2], now, ARGV[9] .. mail_no)
if KEYS[4] then tell(KEYS[4], now, ARGV[13], 'code_resent', 'ok', ARGV[12]) end
return { 'ok', expires_at - now, mail_no }
