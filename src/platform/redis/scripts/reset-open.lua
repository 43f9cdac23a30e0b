#!lua
-- Opens a reset attempt for an address; a decoy one when it has no account: same shape, no code ever mailed, always judged wrong.
-- KEYS: attempt, attempts, mails, failures.
-- ARGV: attempt id, mails per hour, mails per day, wrong codes per day, attempt life ms, code life ms, resend interval ms, id of an
--       older attempt of the same browser that dies with this ('' = none), prefix of the attempts' keys, then the fields and values.
-- Returns { 'ok' } | { 'mails', ms } | { 'locked', ms }.
-- include _time
-- include _budget

local now = now_ms()
local wait = wait_for(KEYS[4], now, DAY_MS, tonumber(ARGV[4]))
if wait > 0 then return { 'locked', wait } end
wait = mails_wait(KEYS[3], now, tonumber(ARGV[2]), tonumber(ARGV[3]))
if wait > 0 then return { 'mails', wait } end

if ARGV[8] ~= '' then
  redis.call('DEL', ARGV[9] .. ARGV[8])
  redis.call('ZREM', KEYS[2], ARGV[8])
end
local life = tonumber(ARGV[5])
redis.call('HSET', KEYS[1], 'wrong', 0, 'mailNo', 1, 'createdAt', now,
  'codeExpiresAt', now + tonumber(ARGV[6]), 'resendAt', now + tonumber(ARGV[7]), unpack(ARGV, 10))
redis.call('PEXPIRE', KEYS[1], life)
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
redis.call('ZADD', KEYS[2], now + life, ARGV[1])
redis.call('PEXPIRE', KEYS[2], life)
count_moment(KEYS[3], now, ARGV[1])
return { 'ok' }
