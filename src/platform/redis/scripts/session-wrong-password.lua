#!lua
-- Books a wrong current password typed by a signed-in person. Too many end the session: it may be in a thief's hands.
-- KEYS: account, session, sessions. ARGV: sid, most wrong ones, trace, event. Returns { 'wrong' } | { 'ended' }.
-- include _time
-- include _activity

local now = now_ms()
if redis.call('EXISTS', KEYS[2]) == 0 then return { 'ended' } end
tell(KEYS[1], now, ARGV[3], ARGV[4], 'wrong', 'pwd')
if redis.call('HINCRBY', KEYS[2], 'wrongPasswords', 1) < tonumber(ARGV[2]) then return { 'wrong' } end
redis.call('DEL', KEYS[2])
redis.call('ZREM', KEYS[3], ARGV[1])
return { 'ended' }
