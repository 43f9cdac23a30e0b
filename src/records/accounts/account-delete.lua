#!lua
-- Deletes an account: its record, everything with a fixed name, and what the indices name.
-- KEYS: account, session, otherAddresses, sessions, attempts, trustedBrowsers, ...others
-- ARGV: actor, sessionPrefix, attemptPrefix, trustedBrowserPrefix
-- Returns: ok(email, otherTags) - tags of further addresses that may still name the account | ended | admin
-- include ../../platform/redis/lua/_time.lua
-- include ../../platform/redis/lua/_indexed.lua
-- include ../activity/_activity.lua

if redis.call('EXISTS', KEY.session) == 0 then return { 'ended' } end
local account = redis.call('HMGET', KEY.account, 'email', 'role')
if not account[1] then return { 'ended' } end
-- An admin has to give up the role first, so that the last one can never be gone.
if account[2] == 'admin' then
  record_activity(KEY.account, now_ms(), ARG.actor, 'account_deleted', 'admin')
  return { 'admin' }
end
local other_tags = redis.call('SMEMBERS', KEY.otherAddresses)
end_indexed(KEY.sessions, ARG.sessionPrefix)
end_indexed(KEY.attempts, ARG.attemptPrefix)
end_indexed(KEY.trustedBrowsers, ARG.trustedBrowserPrefix)
redis.call('DEL', KEY.account, KEY.session, KEY.otherAddresses, KEY.sessions, KEY.attempts, KEY.trustedBrowsers, unpack(KEY.others))
return { 'ok', account[1], other_tags }
