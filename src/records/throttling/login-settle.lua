#!lua
-- Books the outcome of a password check. Whoever must wait by now is refused even with the right password: many checks at once win
-- no more guesses than one after the other.
-- KEYS: throttle
-- ARGV: isRight, freeFailures, longestDelayMs, isWaived
-- Returns: right | wrong | wait(waitMs)
-- include ../../platform/redis/lua/_time.lua

local now = now_ms()
local FORGET_MS = 3600000
local state = redis.call('HMGET', KEY.throttle, 'failures', 'untilAt')
local wait = tonumber(state[2] or '0') - now
if wait > 0 and not ARG.isWaived then return { 'wait', wait } end
if ARG.isRight then
  redis.call('DEL', KEY.throttle)
  return { 'right' }
end
local failures = tonumber(state[1] or '0') + 1
local delay = 0
if failures >= ARG.freeFailures then
  delay = math.min(1000 * 2 ^ (failures - ARG.freeFailures), ARG.longestDelayMs)
end
redis.call('HSET', KEY.throttle, 'failures', failures, 'untilAt', now + delay)
redis.call('PEXPIRE', KEY.throttle, FORGET_MS + delay)
return { 'wrong' }
