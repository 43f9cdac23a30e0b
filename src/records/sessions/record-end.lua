#!lua
-- Ends one session or one trusted browser, which stands in an index of its account.
-- KEYS: record, index, account
-- ARGV: id, isSession, actor, event
-- Returns: ok | none - there was no such record
-- include ../../platform/redis/lua/_time.lua
-- include ../activity/_activity.lua
-- include ../events/_events.lua

redis.call('ZREM', KEY.index, ARG.id)
if redis.call('DEL', KEY.record) == 0 then return { 'none' } end
record_activity(KEY.account, now_ms(), ARG.actor, ARG.event, 'ok')
if ARG.isSession then tell(KEY.account, 'session.ended', ARG.id) end
return { 'ok' }
