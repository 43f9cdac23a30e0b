#!lua
-- Books the outcome of a password check. Whoever must wait by now is refused even with the right password: many checks at
-- once win no more guesses than one after the other.
-- KEYS: throttle. ARGV: 'right' | 'wrong', free failures, longest delay ms, 1 when a proof of work stands in for the wait.
-- Returns { 'right' } | { 'wrong' } | { 'wait', ms }.
-- include _time

local now = now_ms()
local FORGET_MS = 3600000
local state = redis.call('HMGET', KEYS[1], 'failures', 'untilAt')
local wait = tonumber(state[2] or '0') - now
if wait > 0 and ARGV[4] ~= '1' then return { 'wait', wait } end
if ARGV[1] == 'right' then
  redis.call('DEL', KEYS[1])
  return { 'right' }
end
local failures = tonumber(state[1] or '0') + 1
local delay = 0
if failures >= tonumber(ARGV[2]) then
  delay = math.min(1000 * 2 ^ (failures - tonumber(ARGV[2])), tonumber(ARGV[3]))
end
redis.call('HSET', KEYS[1], 'failures', failures, 'untilAt', now + delay)
redis.call('PEXPIRE', KEYS[1], FORGET_MS + delay)
return { 'wrong' }
