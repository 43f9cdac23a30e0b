#!lua
-- Turns a refresh generation. One that is used again after the grace, or is ahead of Redis, ends the session.
-- KEYS: session, account, sessions
-- ARGV: generation, graceMs, idleMs, absoluteMs, sid, actor, epochMs
-- Returns: ok(generation, livesOnMs, authAtMs, amr, user) | ended | reused(user) | ahead
-- include ../../platform/redis/lua/_time.lua
-- include ../accounts/_user.lua
-- include ../activity/_activity.lua
-- include ../events/_events.lua
-- include ./_generation.lua

local now = now_ms()
local session = redis.call('HMGET', KEY.session, 'gen', 'turnedAt', 'createdAt', 'authAt', 'amr')
if not session[1] then return { 'ended' } end
local current, turned_at, created_at = tonumber(session[1]), tonumber(session[2]), tonumber(session[3])

local function finish(...)
  redis.call('DEL', KEY.session)
  redis.call('ZREM', KEY.sessions, ARG.sid)
  return { ... }
end

if redis.call('HGET', KEY.account, 'status') ~= 'active' then return finish('ended') end
if now >= turned_at + ARG.idleMs or now >= created_at + ARG.absoluteMs or created_at < ARG.epochMs then return finish('ended') end
local verdict = judge_generation(ARG.generation, current, turned_at, now, ARG.graceMs)
if verdict == 'ahead' or verdict == 'reused' then
  record_activity(KEY.account, now, ARG.actor, 'refresh', verdict)
  tell(KEY.account, 'session.ended', ARG.sid)
  if verdict == 'ahead' then return finish('ahead') end
  return finish('reused', user_of(KEY.account))
end

if verdict == 'turn' then
  current = current + 1
  turned_at = now
  redis.call('HSET', KEY.session, 'gen', current, 'turnedAt', now, 'ip', (read_actor(ARG.actor)))
  redis.call('PEXPIREAT', KEY.session, math.min(now + ARG.idleMs, created_at + ARG.absoluteMs))
end
local lives_on = math.min(turned_at + ARG.idleMs, created_at + ARG.absoluteMs) - now
return { 'ok', current, lives_on, session[4], session[5], user_of(KEY.account) }
