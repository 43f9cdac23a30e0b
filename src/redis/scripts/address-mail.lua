#!lua
-- Counts a mail that a request causes to an address, unless it had enough already.
-- KEYS: mails. ARGV: per hour, per day, unique word. Returns { 'ok' } | { 'mails', ms }.
-- include _time
-- include _budget

local now = now_ms()
local wait = mails_wait(KEYS[1], now, tonumber(ARGV[1]), tonumber(ARGV[2]))
if wait > 0 then return { 'mails', wait } end
count_moment(KEYS[1], now, ARGV[3])
return { 'ok' }
