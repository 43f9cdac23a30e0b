#!lua
-- Changes what others than the owner decide about an account; what is not given stays as it is. Role and status are credentials:
-- everything of the account ends. A new address is only noted: its owner proves it by a mailed link.
-- KEYS: account, failures
-- ARGV: actor, mayTouchAdmins, role, status, isUnlock, name, roles, claims, newEmail, linkId, linkLifeMs
-- Returns: ok(events, user) - no event when nothing changed | gone | forbidden - it is an admin's | invited - it has no owner yet
-- include ../../platform/redis/lua/_time.lua
-- include ./_user.lua
-- include ../activity/_activity.lua
-- include ./_credentials.lua

local account = redis.call('HMGET', KEY.account, 'role', 'status', 'name', 'email', 'roles', 'claims', 'twoFactor')
if not account[1] then return { 'gone' } end
if account[1] == 'admin' and not ARG.mayTouchAdmins then return { 'forbidden' } end
local role = ARG.role ~= account[1] and ARG.role
local status = ARG.status ~= account[2] and ARG.status
if account[2] == 'invited' and (role or status or ARG.newEmail) then return { 'invited' } end

local events, changed = {}, {}
local now = now_ms()
local function note(event, factor)
  events[#events + 1] = event
  record_activity(KEY.account, now, ARG.actor, event, 'ok', factor)
end
-- '-' stands for none: an empty argument is one that was not given.
local function set(field, value, before, event)
  if not value or value == (before or '-') then return end
  if value == '-' then redis.call('HDEL', KEY.account, field) else redis.call('HSET', KEY.account, field, value) end
  changed[#changed + 1] = field
  note(event)
end

if ARG.isUnlock then
  redis.call('HDEL', KEY.account, 'wrongInRow')
  redis.call('DEL', KEY.failures)
  note('locks_lifted')
end
set('name', ARG.name, account[3], 'profile_changed')
set('roles', ARG.roles, account[5], 'roles_changed')
set('claims', ARG.claims, account[6], 'claims_changed')
if status then
  redis.call('HSET', KEY.account, 'status', status)
  note(status == 'active' and 'account_enabled' or 'account_disabled')
  tell(KEY.account, status == 'active' and 'account.enabled' or 'account.disabled')
end
if role then
  redis.call('HSET', KEY.account, 'role', role)
  -- An admin has a second step, always.
  if role == 'admin' then redis.call('HSET', KEY.account, 'twoFactor', 1) end
  changed[#changed + 1] = 'role'
  if role == 'admin' and account[7] ~= '1' then changed[#changed + 1] = 'isTwoFactorEnabled' end
  note('role_changed', role)
end
tell_changed(KEY.account, unpack(changed))
if role or status then end_all_but(KEY.account) end
if ARG.newEmail == account[4] then
  redis.call('HDEL', KEY.account, 'newEmail', 'newEmailId', 'newEmailEndsAt')
elseif ARG.newEmail then
  redis.call('HSET', KEY.account, 'newEmail', ARG.newEmail, 'newEmailId', ARG.linkId, 'newEmailEndsAt', now + ARG.linkLifeMs)
  note('email_change_requested', 'email')
end
return { 'ok', events, user_of(KEY.account) }
