#!lua
-- Judges the code of a sign-up attempt. A right one binds the address to the attempt's future account and kills every other
-- attempt for it. The same code again continues after a crash, as long as the binding may still be finished.
-- KEYS: owner, attempt, attempts, failures.
-- ARGV: address tag that the attempt must have ('' = any), MACs of the typed code, wrong codes per attempt, wrong codes per day,
--       attempt id, binding life ms, prefix of the attempts' keys, the address tag itself.
-- Returns { 'ok', provenAt, account id, name, email, password record, locale, long password } | { 'gone' } | { 'locked', ms } | { 'expired' } | { 'wrong', left }.
-- include _time
-- include _budget
-- include _code

local now = now_ms()
local attempt = redis.call('HMGET', KEYS[2], 'codeMac', 'codeExpiresAt', 'wrong', 'decoy', 'provenAt', 'accountId', 'name', 'email', 'passwordHash', 'locale', 'longPassword', 'purpose')
local most = tonumber(ARGV[3])
if attempt[12] ~= 'sign-up' or tonumber(attempt[3]) >= most then return { 'gone' } end
if ARGV[1] ~= '' and ARGV[1] ~= ARGV[8] then return { 'gone' } end
local right = attempt[4] == '0' and is_right(attempt[1], ARGV[2])
if attempt[5] then
  if not right then return { 'gone' } end
  return { 'ok', attempt[5], unpack(attempt, 6, 11) }
end
local wait = wait_for(KEYS[4], now, DAY_MS, tonumber(ARGV[4]))
if wait > 0 then return { 'locked', wait } end
if tonumber(attempt[2]) <= now then return { 'expired' } end

if not right then
  local wrong = redis.call('HINCRBY', KEYS[2], 'wrong', 1)
  count_moment(KEYS[4], now, ARGV[5] .. wrong)
  return { 'wrong', most - wrong }
end
if redis.call('EXISTS', KEYS[1]) == 1 then return { 'gone' } end

redis.call('HSET', KEYS[1], 'accountId', attempt[6], 'boundAt', now)
for _, other in ipairs(redis.call('ZRANGE', KEYS[3], 0, -1)) do
  if other ~= ARGV[5] then redis.call('DEL', ARGV[7] .. other) end
end
redis.call('DEL', KEYS[3])
redis.call('HSET', KEYS[2], 'provenAt', now)
redis.call('PEXPIRE', KEYS[2], ARGV[6])
redis.call('ZADD', KEYS[3], now + tonumber(ARGV[6]), ARGV[5])
redis.call('PEXPIRE', KEYS[3], ARGV[6])
return { 'ok', tostring(now), unpack(attempt, 6, 11) }
