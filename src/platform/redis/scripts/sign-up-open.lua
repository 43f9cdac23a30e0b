#!lua
-- Opens a sign-up attempt; for an address that has an account a decoy one: same shape, no code ever mailed, always judged wrong.
-- KEYS: owner, attempt, attempts, mails, failures.
-- ARGV: attempt id, account id found to be no account of this address ('' = none), binding life ms, mails per hour, mails per
--       day, wrong codes per day, attempt life ms, code life ms, resend interval ms, then the attempt's fields and values.
-- Returns { 'ok' } | { 'mails', ms } | { 'locked', ms }.
-- include _time
-- include _budget

local now = now_ms()
local wait = wait_for(KEYS[5], now, DAY_MS, tonumber(ARGV[6]))
if wait > 0 then return { 'locked', wait } end
wait = mails_wait(KEYS[4], now, tonumber(ARGV[4]), tonumber(ARGV[5]))
if wait > 0 then return { 'mails', wait } end

local owner = redis.call('HMGET', KEYS[1], 'accountId', 'boundAt')
local is_decoy = 0
if owner[1] then
  -- A binding whose account was never made (a crash between two steps) or is gone is let go once nobody can finish it any more.
  local is_stale = owner[1] == ARGV[2] and tonumber(owner[2]) + tonumber(ARGV[3]) < now
  if is_stale then redis.call('DEL', KEYS[1]) else is_decoy = 1 end
end
local life = tonumber(ARGV[7])
redis.call('HSET', KEYS[2], 'decoy', is_decoy, 'wrong', 0, 'mailNo', 1, 'createdAt', now,
  'codeExpiresAt', now + tonumber(ARGV[8]), 'resendAt', now + tonumber(ARGV[9]), unpack(ARGV, 10))
redis.call('PEXPIRE', KEYS[2], life)
redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', now)
redis.call('ZADD', KEYS[3], now + life, ARGV[1])
redis.call('PEXPIRE', KEYS[3], life)
count_moment(KEYS[4], now, ARGV[1])
return { 'ok' }
