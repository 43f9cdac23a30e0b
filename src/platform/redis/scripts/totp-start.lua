#!lua
-- Keeps a new secret until it is proven; one that was waiting is dead. An active authenticator stays what it is.
-- KEYS: account, session, totp-pending. ARGV: sealed secret, life ms, trace. Returns { 'ok' } | { 'ended' }.
-- include _time
-- include _activity

local now = now_ms()
if redis.call('EXISTS', KEYS[2]) == 0 or redis.call('HGET', KEYS[1], 'status') ~= 'active' then return { 'ended' } end
redis.call('HSET', KEYS[3], 'secret', ARGV[1], 'wrong', 0)
redis.call('PEXPIRE', KEYS[3], ARGV[2])
tell(KEYS[1], now, ARGV[3], 'totp_started', 'ok', 'totp')
return { 'ok' }
