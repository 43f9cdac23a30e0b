#!lua flags=no-writes
-- Reads a page of an account's log, newest first, without what is too old to be kept.
-- KEYS: activity
-- ARGV: from, count
-- Returns: ok(entries) - as XREVRANGE answers them
-- include ../../platform/redis/lua/_time.lua
-- include ./_activity.lua

return { 'ok', redis.call('XREVRANGE', KEY.activity, ARG.from, now_ms() - ACTIVITY_LIFE_MS, 'COUNT', ARG.count) }
