#!lua
-- Judges the code of a login attempt; a right one becomes a session and is gone.
-- KEYS: account, attempt, attempts, failures, session, sessions, devices.
-- ARGV: address tag that the attempt must have ('' = any), MACs of the typed code, wrong codes per attempt, wrong codes per day,
--       lock after, attempt id, then the arguments of open_session.
-- Returns { 'ok', device known, user } | { 'gone' } | { 'locked', ms or -1 } | { 'expired' } | { 'wrong', attempts left }.
-- include _time
-- include _budget
-- include _code
-- include _session

local now = now_ms()
local attempt = redis.call('HMGET', KEYS[2], 'codeMac', 'codeExpiresAt', 'wrong', 'credentialVersion', 'addressTag')
local account = redis.call('HMGET', KEYS[1], 'status', 'credentialVersion')
local most = tonumber(ARGV[3])
if not attempt[1] or tonumber(attempt[3]) >= most then return { 'gone' } end
if ARGV[1] ~= '' and ARGV[1] ~= attempt[5] then return { 'gone' } end
if account[1] ~= 'active' or account[2] ~= attempt[4] then return { 'gone' } end
local wait = guess_wait(KEYS[1], KEYS[4], now, tonumber(ARGV[4]), tonumber(ARGV[5]))
if wait ~= 0 then return { 'locked', wait } end
if tonumber(attempt[2]) <= now then return { 'expired' } end

if not is_right(attempt[1], ARGV[2]) then
  local wrong = redis.call('HINCRBY', KEYS[2], 'wrong', 1)
  redis.call('HINCRBY', KEYS[1], 'wrongInRow', 1)
  count_moment(KEYS[4], now, ARGV[6] .. wrong)
  return { 'wrong', most - wrong }
end

redis.call('DEL', KEYS[2])
redis.call('ZREM', KEYS[3], ARGV[6])
redis.call('HDEL', KEYS[1], 'wrongInRow')
return { 'ok', open_session(KEYS[5], KEYS[6], KEYS[7], now, { unpack(ARGV, 7) }), user_of(KEYS[1]) }
