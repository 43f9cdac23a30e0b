#!lua
-- Ends every session of an account but one, and its trusted browsers unless they are kept.
-- KEYS: sessions, account, trustedBrowsers
-- ARGV: sessionPrefix, keepSid, keepsTrusted, actor, event, trustedBrowserPrefix
-- Returns: ok
-- include ../../platform/redis/lua/_time.lua
-- include ../../platform/redis/lua/_indexed.lua
-- include ../activity/_activity.lua
-- include ../events/_events.lua

end_indexed(KEY.sessions, ARG.sessionPrefix, ARG.keepSid)
if not ARG.keepsTrusted then end_indexed(KEY.trustedBrowsers, ARG.trustedBrowserPrefix) end
tell(KEY.account, 'sessions.ended', ARG.keepSid)
record_activity(KEY.account, now_ms(), ARG.actor, ARG.event, 'ok')
return { 'ok' }
