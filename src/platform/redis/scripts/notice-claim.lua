#!lua
-- Claims a notice for one job: the first within the time has it, and has it again when it is retried. A deleted account has none.
-- KEYS: notice [, account]. ARGV: job id, seconds. Returns { 1 | 0 }.

if KEYS[2] and redis.call('EXISTS', KEYS[2]) == 0 then return { 0 } end
if redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2], 'NX') then return { 1 } end
return { redis.call('GET', KEYS[1]) == ARGV[1] and 1 or 0 }
