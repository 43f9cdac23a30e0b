#!lua
-- Books a wrong current password typed by a signed-in person. Too many end the session: it may be in a thief's hands.
-- KEYS: account, session, sessions
-- ARGV: sid, mostWrong, actor, event
-- Returns: wrong | ended
-- include ../../platform/redis/lua/_time.lua
-- include ../activity/_activity.lua
-- include ../events/_events.lua

if redis.call('EXISTS', KEY.session) == 0 then return { 'ended' } end
record_activity(KEY.account, now_ms(), ARG.actor, ARG.event, 'wrong', 'pwd')
if redis.call('HINCRBY', KEY.session, 'wrongPasswords', 1) < ARG.mostWrong then return { 'wrong' } end
redis.call('DEL', KEY.session)
redis.call('ZREM', KEY.sessions, ARG.sid)
tell(KEY.account, 'session.ended', ARG.sid)
return { 'ended' }
