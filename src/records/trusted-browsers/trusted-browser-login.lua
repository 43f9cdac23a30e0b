#!lua
-- Signs in by a trusted browser after a right password: turns its generation and opens the session in one step. One that is used again
-- after the grace, or is ahead of Redis, is trusted no more, and opens nothing.
-- KEYS: account, trustedBrowser, trustedBrowsers, session, sessions, devices
-- ARGV: credentialVersion, trustedId, generation, graceMs, lifeMs, epochMs, actor, sid, mostSessions, idleMs, absoluteMs, amr,
--       oldDeviceHash, newDeviceHash, isFresh, timeZone
-- Returns: ok(isKnownDevice, authAtMs, user, generation, livesOnMs) | stale - the account changed meanwhile | unknown | reused | ahead
-- include ../../platform/redis/lua/_time.lua
-- include ../accounts/_user.lua
-- include ../sessions/_session.lua
-- include ../sessions/_generation.lua

local now = now_ms()
local account = redis.call('HMGET', KEY.account, 'status', 'credentialVersion')
if account[1] ~= 'active' or account[2] ~= ARG.credentialVersion then return { 'stale' } end
local browser = redis.call('HMGET', KEY.trustedBrowser, 'gen', 'turnedAt', 'createdAt')
if not browser[1] then return { 'unknown' } end
local current, turned_at, created_at = tonumber(browser[1]), tonumber(browser[2]), tonumber(browser[3] or '0')
local last_moment = created_at + ARG.lifeMs
if now >= last_moment or created_at < ARG.epochMs then return { 'unknown' } end

local verdict = judge_generation(ARG.generation, current, turned_at, now, ARG.graceMs)
if verdict == 'reused' or verdict == 'ahead' then
  redis.call('DEL', KEY.trustedBrowser)
  redis.call('ZREM', KEY.trustedBrowsers, ARG.trustedId)
  local event = verdict == 'reused' and 'trusted_device_reused' or 'trusted_device_ended'
  record_activity(KEY.account, now, ARG.actor, event, verdict, 'device')
  return { verdict }
end

if verdict == 'turn' then
  current = current + 1
  redis.call('HSET', KEY.trustedBrowser, 'gen', current, 'turnedAt', now, 'ip', (read_actor(ARG.actor)))
  redis.call('ZADD', KEY.trustedBrowsers, now, ARG.trustedId)
  redis.call('PEXPIRE', KEY.trustedBrowsers, ARG.lifeMs)
end
record_activity(KEY.account, now, ARG.actor, 'login', 'ok', 'device')
return { 'ok', open_session(KEY, ARG, now), now, user_of(KEY.account), current, last_moment - now }
