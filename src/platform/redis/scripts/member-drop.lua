#!lua
-- Takes a member out of a set. KEYS: set. ARGV: member. Returns { 'ok' }.

redis.call('SREM', KEYS[1], ARGV[1])
return { 'ok' }
