#!lua
-- Judges the second step of a reauthentication; a right one makes the session recent. Wrong ones are counted over all attempts of the
-- session, and too many end it: asking for another attempt wins no more guesses.
-- KEYS: account, attempt, failures, session, sessions
-- ARGV: addressTag, purpose, method, proof, mostWrong, dailyFailures, lockAfter, attemptId, actor, sid, amr
-- Returns: ok(authAtMs, user) | ended | gone | locked(waitMs) | expired | wrong(attemptsLeft, isBudgetSpent)
--          | invalid | cloned
-- include ../../platform/redis/lua/_time.lua
-- include ../accounts/_user.lua
-- include ../activity/_activity.lua
-- include ../events/_events.lua
-- include ./_judge.lua
-- include ./_proof.lua

local now = now_ms()
if redis.call('EXISTS', KEY.session) == 0 then return { 'ended' } end
local refused = judge(KEY, ARG, now)
if refused then
  record_activity(KEY.account, now, ARG.actor, 'reauthentication', refused[1], ARG.method)
  if refused[1] ~= 'wrong' then return refused end
  refused[2] = math.min(refused[2], ARG.mostWrong - redis.call('HINCRBY', KEY.session, 'wrongCodes', 1))
  if refused[2] <= 0 then
    redis.call('DEL', KEY.session)
    redis.call('ZREM', KEY.sessions, ARG.sid)
    tell(KEY.account, 'session.ended', ARG.sid)
  end
  return refused
end
redis.call('HSET', KEY.session, 'amr', ARG.amr)
local proven_at = mark_proven(KEY.session, now)
record_activity(KEY.account, now, ARG.actor, 'reauthentication', 'ok', ARG.method)
return { 'ok', proven_at, user_of(KEY.account) }
