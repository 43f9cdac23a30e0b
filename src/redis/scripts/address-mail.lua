#!lua
-- The budget of mails that requests cause to an address. 'take' counts one unless there were enough; 'look' only tells whether
-- there were; 'count' counts one that is on its way in any case.
-- KEYS: mails. ARGV: per hour, per day, 'take' | 'look' | 'count', unique word. Returns { 'ok' } | { 'mails', ms }.
-- include _time
-- include _budget

local now = now_ms()
local wait = mails_wait(KEYS[1], now, tonumber(ARGV[1]), tonumber(ARGV[2]))
if wait > 0 and ARGV[3] ~= 'count' then return { 'mails', wait } end
if ARGV[3] ~= 'look' then count_moment(KEYS[1], now, ARGV[4]) end
return { 'ok' }
