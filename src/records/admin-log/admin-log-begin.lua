#!lua
-- Notes what somebody is about to do to an account: it happens in another slot, and a crash in between must not hide it.
-- KEYS: intents
-- ARGV: operation, entry
-- Returns: ok

redis.call('HSET', KEY.intents, ARG.operation, ARG.entry)
return { 'ok' }
