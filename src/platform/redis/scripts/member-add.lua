#!lua
-- Puts a member into a set. KEYS: set. ARGV: member. Returns { 'ok' }.

redis.call('SADD', KEYS[1], ARGV[1])
return { 'ok' }
