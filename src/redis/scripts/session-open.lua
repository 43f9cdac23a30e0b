#!lua
-- Opens a session for an account that needs no code: no second step is set, or this device is trusted.
-- KEYS: account, session, sessions, devices. ARGV: credential version, then the arguments of open_session.
-- Returns { 'ok', device known, user } | { 'stale' }.
-- include _time
-- include _session

local now = now_ms()
local account = redis.call('HMGET', KEYS[1], 'status', 'credentialVersion')
if account[1] ~= 'active' or account[2] ~= ARGV[1] then return { 'stale' } end
return { 'ok', open_session(KEYS[2], KEYS[3], KEYS[4], now, { unpack(ARGV, 2) }), user_of(KEYS[1]) }
