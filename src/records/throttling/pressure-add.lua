#!lua
-- Counts one failure or mail against an address or a source, within an hour of the first.
-- KEYS: pressure
-- ARGV: none
-- Returns: ok

if redis.call('INCR', KEY.pressure) == 1 then redis.call('PEXPIRE', KEY.pressure, 3600000) end
return { 'ok' }
