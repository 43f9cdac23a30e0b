#!lua
-- Deletes an account: its record, everything with a fixed name, and what the indices name.
-- `isAsked`: its owner asks, in the session. `mayBeAdmin`: it was dropped from the list of admins.
-- KEYS: account, session, otherAddresses, sessions, attempts, trustedBrowsers, ...others
-- ARGV: actor, isAsked, mayBeAdmin, sessionPrefix, attemptPrefix, trustedBrowserPrefix
-- Returns: ok(email, otherTags) - tags of further addresses that may still name the account | ended | admin
-- include ../../platform/redis/lua/_time.lua
-- include ../../platform/redis/lua/_indexed.lua
-- include ../activity/_activity.lua
-- include ../events/_events.lua

if ARG.isAsked and redis.call('EXISTS', KEY.session) == 0 then return { 'ended' } end
local account = redis.call('HMGET', KEY.account, 'email', 'role')
if not account[1] then return { 'ended' } end
-- An admin has to give up the role first, so that the last one can never be gone.
if account[2] == 'admin' and not ARG.mayBeAdmin then
  record_activity(KEY.account, now_ms(), ARG.actor, 'account_deleted', 'admin')
  return { 'admin' }
end
local other_tags = redis.call('SMEMBERS', KEY.otherAddresses)
end_indexed(KEY.sessions, ARG.sessionPrefix)
end_indexed(KEY.attempts, ARG.attemptPrefix)
end_indexed(KEY.trustedBrowsers, ARG.trustedBrowserPrefix)
tell(KEY.account, 'sessions.ended')
tell(KEY.account, 'account.deleted')
redis.call('DEL', KEY.account, KEY.session, KEY.otherAddresses, KEY.sessions, KEY.attempts, KEY.trustedBrowsers, unpack(KEY.others))
return { 'ok', account[1], other_tags }
