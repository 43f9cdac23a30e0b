#!lua
-- Takes one from the budget of mails (or text messages) that requests cause to an address (or number), unless it is spent.
-- KEYS: mails
-- ARGV: mailsPerHour, mailsPerDay, unique
-- Returns: ok | mails(waitMs)
-- include ../../platform/redis/lua/_time.lua
-- include ../../platform/redis/lua/_budget.lua

local now = now_ms()
local wait = mails_wait(KEY.mails, now, ARG.mailsPerHour, ARG.mailsPerDay)
if wait > 0 then return { 'mails', wait } end
count_moment(KEY.mails, now, ARG.unique)
return { 'ok' }
