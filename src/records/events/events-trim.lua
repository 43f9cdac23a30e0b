#!lua
-- Drops the oldest events that are past their life, but never so many that fewer than `least` stay; a portion in each call.
-- KEYS: log
-- ARGV: lifeMs, least, portion
-- Returns: ok(dropped)
-- include ./_log.lua
-- include ../../platform/redis/lua/_time.lua

local length = redis.call('XLEN', KEY.log)
local most = math.min(length - ARG.least, ARG.portion)
if most <= 0 then return { 'ok', 0 } end
local old = #redis.call('XRANGE', KEY.log, '-', whole((now_ms() - ARG.lifeMs) * 1000), 'COUNT', most)
if old > 0 then redis.call('XTRIM', KEY.log, 'MAXLEN', '=', length - old) end
return { 'ok', old }
