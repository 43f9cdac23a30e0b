#!lua
-- Ends one session or one trusted device. KEYS: its record, the index it stands in, account. ARGV: id, trace, event. Returns { 'ok', 1 | 0 }.
-- include _time
-- include _activity

redis.call('ZREM', KEYS[2], ARGV[1])
local ended = redis.call('DEL', KEYS[1])
if ended == 1 then tell(KEYS[3], now_ms(), ARGV[2], ARGV[3], 'ok') end
return { 'ok', ended }
