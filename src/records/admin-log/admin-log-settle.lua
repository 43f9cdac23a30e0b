#!lua
-- Writes down what became of an operation, once: an entry for each thing that was done, none when nothing was.
-- KEYS: intents, log
-- ARGV: operation, lifeMs, ...actions
-- Returns: ok | settled - before
-- include ../../platform/redis/lua/_time.lua

local entry = redis.call('HGET', KEY.intents, ARG.operation)
if not entry then return { 'settled' } end
redis.call('HDEL', KEY.intents, ARG.operation)
for _, action in ipairs(ARG.actions) do redis.call('XADD', KEY.log, '*', 'entry', entry, 'action', action) end
redis.call('XTRIM', KEY.log, 'MINID', '=', now_ms() - ARG.lifeMs)
redis.call('PEXPIRE', KEY.log, ARG.lifeMs)
return { 'ok' }
