#!lua
-- Claims a notice for one job: the first within the time has it, and has it again when it is retried. A deleted account has none.
-- KEYS: notice, account?
-- ARGV: jobId, seconds
-- Returns: ok | taken

if KEY.account and redis.call('EXISTS', KEY.account) == 0 then return { 'taken' } end
if redis.call('SET', KEY.notice, ARG.jobId, 'EX', ARG.seconds, 'NX') then return { 'ok' } end
return { redis.call('GET', KEY.notice) == ARG.jobId and 'ok' or 'taken' }
