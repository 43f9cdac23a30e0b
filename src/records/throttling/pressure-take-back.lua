#!lua
-- Takes back what pressure-add.lua has counted, once it has led to a success.
-- KEYS: pressure
-- ARGV: none
-- Returns: ok

if tonumber(redis.call('GET', KEY.pressure) or '0') > 0 then redis.call('DECR', KEY.pressure) end
return { 'ok' }
