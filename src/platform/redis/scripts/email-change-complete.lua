#!lua
-- Gives an account its proven new address, once. Ends everything but the session that asked.
-- KEYS: account, session, attempt, other addresses. ARGV: sid, trace, binding life ms, tag of the address until now.
-- Returns { 'ok', user } | { 'ended' } | { 'gone' }.
-- include _time
-- include _session
-- include _activity
-- include _credentials

local now = now_ms()
if redis.call('EXISTS', KEYS[2]) == 0 then return { 'ended' } end
local attempt = redis.call('HMGET', KEYS[3], 'provenAt', 'credentialVersion', 'email', 'newTag')
local account = redis.call('HMGET', KEYS[1], 'status', 'credentialVersion')
if not attempt[1] or account[1] ~= 'active' or account[2] ~= attempt[2] or now >= tonumber(attempt[1]) + tonumber(ARGV[3]) then
  tell(KEYS[1], now, ARGV[2], 'email_changed', 'gone', 'email')
  return { 'gone' }
end
redis.call('HSET', KEYS[1], 'email', attempt[3])
redis.call('SREM', KEYS[4], attempt[4])
redis.call('SADD', KEYS[4], ARGV[4])
end_all_but(KEYS[1], ARGV[1])
tell(KEYS[1], now, ARGV[2], 'email_changed', 'ok', 'email')
return { 'ok', user_of(KEYS[1]) }
