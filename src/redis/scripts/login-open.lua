#!lua
-- Opens a login attempt after a right password.
-- KEYS: account, attempt, attempts, mails, failures.
-- ARGV: attempt id, credential version, mails per hour, mails per day, wrong codes per day, lock after, attempt life ms,
--       code life ms, resend interval ms, then the attempt's fields and values.
-- Returns { 'ok' } | { 'stale' } (the account changed meanwhile) | { 'locked', ms or -1 } | { 'mails', ms }.
-- include _time
-- include _budget
-- include _code

local now = now_ms()
local account = redis.call('HMGET', KEYS[1], 'status', 'credentialVersion')
if account[1] ~= 'active' or account[2] ~= ARGV[2] then return { 'stale' } end
local wait = guess_wait(KEYS[1], KEYS[5], now, tonumber(ARGV[5]), tonumber(ARGV[6]))
if wait ~= 0 then return { 'locked', wait } end
wait = mails_wait(KEYS[4], now, tonumber(ARGV[3]), tonumber(ARGV[4]))
if wait > 0 then return { 'mails', wait } end

local life = tonumber(ARGV[7])
redis.call('HSET', KEYS[2], 'credentialVersion', ARGV[2], 'wrong', 0, 'mailNo', 1, 'createdAt', now,
  'codeExpiresAt', now + tonumber(ARGV[8]), 'resendAt', now + tonumber(ARGV[9]), unpack(ARGV, 10))
redis.call('PEXPIRE', KEYS[2], life)
redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', now)
redis.call('ZADD', KEYS[3], now + life, ARGV[1])
redis.call('PEXPIRE', KEYS[3], life)
count_moment(KEYS[4], now, ARGV[1])
return { 'ok' }
