#!lua
-- Takes the nonce of a solved challenge, once.
-- KEYS: captcha
-- ARGV: seconds
-- Returns: ok | taken

if redis.call('SET', KEY.captcha, 1, 'EX', ARG.seconds, 'NX') then return { 'ok' } end
return { 'taken' }
