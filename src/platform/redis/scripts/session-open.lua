#!lua
-- Opens a session for an account that needs no code: no second step is set.
-- KEYS: account, session, sessions, devices. ARGV: credential version, trace, then the arguments of open_session.
-- Returns { 'ok', device known, user } | { 'stale' }.
-- include _time
-- include _session
-- include _activity

local now = now_ms()
local account = redis.call('HMGET', KEYS[1], 'status', 'credentialVersion')
if account[1] ~= 'active' or account[2] ~= ARGV[1] then return { 'stale' } end
tell(KEYS[1], now, ARGV[2], 'login', 'ok', 'pwd')
return { 'ok', open_session(KEYS[2], KEYS[3], KEYS[4], now, { unpack(ARGV, 3) }), user_of(KEYS[1]) }
