#!lua flags=no-writes
-- Who is signed in: one read for every request behind a gate.
-- KEYS: session, account
-- ARGV: none
-- Returns: ok(recentAt, amr, user) | none
-- include ../accounts/_user.lua

local session = redis.call('HMGET', KEY.session, 'recentAt', 'amr')
if not session[2] then return { 'none' } end
return { 'ok', session[1], session[2], user_of(KEY.account) }
