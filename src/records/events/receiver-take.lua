#!lua
-- Takes a receiver of webhooks for one server, or keeps it, unless another server has it. A new one begins at the end of the log.
-- KEYS: receiver, log
-- ARGV: holder, leaseMs, lifeMs
-- Returns: ok(after, failures, failingSince, nextTryAt, pausedAt) - each 0 for never | taken
-- include ../../platform/redis/lua/_time.lua

local now = now_ms()
local state = redis.call('HMGET', KEY.receiver, 'holder', 'leaseEndsAt', 'after')
if state[1] and state[1] ~= ARG.holder and tonumber(state[2]) > now then return { 'taken' } end
local after = state[3]
if not after then
  local last = redis.call('XREVRANGE', KEY.log, '+', '-', 'COUNT', 1)[1]
  after = last and string.match(last[1], '^%d+') or '0'
end
redis.call('HSET', KEY.receiver, 'holder', ARG.holder, 'leaseEndsAt', now + ARG.leaseMs, 'after', after)
redis.call('PEXPIRE', KEY.receiver, ARG.lifeMs)
local rest = redis.call('HMGET', KEY.receiver, 'failures', 'failingSince', 'nextTryAt', 'pausedAt')
return { 'ok', after, rest[1] or 0, rest[2] or 0, rest[3] or 0, rest[4] or 0 }
