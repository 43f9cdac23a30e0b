#!lua
-- Ends an attempt whose work is done.
-- KEYS: attempt
-- ARGV: none
-- Returns: ok

redis.call('DEL', KEY.attempt)
return { 'ok' }
