#!lua
-- Takes one from the budget of mails (or text messages) that requests cause to an address (or number), unless it is spent.
-- KEYS: mails. ARGV: per hour, per day, unique word. Returns { 'ok' } | { 'mails', ms }.
-- include _time
-- include _budget

local now = now_ms()
local wait = mails_wait(KEYS[1], now, tonumber(ARGV[1]), tonumber(ARGV[2]))
if wait > 0 then return { 'mails', wait } end
count_moment(KEYS[1], now, ARGV[3])
return { 'ok' }
