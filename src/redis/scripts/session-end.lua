#!lua
-- Ends one session. KEYS: session, sessions. ARGV: sid. Returns { 'ok', 1 | 0 }.

redis.call('ZREM', KEYS[2], ARGV[1])
return { 'ok', redis.call('DEL', KEYS[1]) }
