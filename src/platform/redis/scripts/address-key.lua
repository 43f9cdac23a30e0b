#!lua
-- Keeps the sealed key of the address tags: the first one, or in place of the one that is named.
-- KEYS: address key. ARGV: sealed, the one to replace or ''. Returns { 'ok', what is kept now }.

local kept = redis.call('GET', KEYS[1])
if not kept or kept == ARGV[2] then
  kept = ARGV[1]
  redis.call('SET', KEYS[1], kept)
end
return { 'ok', kept }
