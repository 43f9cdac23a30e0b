#!lua
-- Counts one failure or mail against an address or a source, within an hour of the first.
-- KEYS: pressure. Returns { how many }.

local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('PEXPIRE', KEYS[1], 3600000) end
return { count }
