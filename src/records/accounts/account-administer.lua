#!lua
-- Changes role or status, or lifts the lock of the code step. Role and status are credentials: everything of the account ends.
-- KEYS: account, failures
-- ARGV: role, status, isUnlock, actor
-- Returns: ok(event, user) - event is '' when nothing changed | gone
-- include ../../platform/redis/lua/_time.lua
-- include ./_user.lua
-- include ../activity/_activity.lua
-- include ./_credentials.lua

local account = redis.call('HMGET', KEY.account, 'role', 'status')
if not account[1] then return { 'gone' } end
local role = ARG.role ~= account[1] and ARG.role
local status = ARG.status ~= account[2] and ARG.status

local event = ''
if ARG.isUnlock then
  redis.call('HDEL', KEY.account, 'wrongInRow')
  redis.call('DEL', KEY.failures)
  event = 'locks_lifted'
end
if status then
  redis.call('HSET', KEY.account, 'status', status)
  event = status == 'active' and 'account_enabled' or 'account_disabled'
end
if role then
  redis.call('HSET', KEY.account, 'role', role)
  -- An admin has a second step, always.
  if role == 'admin' then redis.call('HSET', KEY.account, 'twoFactor', 1) end
  event = 'role_changed'
end
if role or status then end_all_but(KEY.account) end
record_activity(KEY.account, now_ms(), ARG.actor, event, 'ok', role)
return { 'ok', event, user_of(KEY.account) }
