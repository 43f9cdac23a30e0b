#!lua flags=no-writes
-- A page of an account's log, newest first, without what is too old to be kept.
-- KEYS: activity. ARGV: where to begin ('+', or '(' and an id to begin before), how many. Returns entries as XREVRANGE does.
-- include _time
-- include _activity

return redis.call('XREVRANGE', KEYS[1], ARGV[1], now_ms() - ACTIVITY_LIFE_MS, 'COUNT', ARGV[2])
