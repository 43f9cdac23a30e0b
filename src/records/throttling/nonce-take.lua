#!lua
-- Takes the nonce of a solved challenge, once.
-- KEYS: nonce
-- ARGV: seconds
-- Returns: ok | taken

if redis.call('SET', KEY.nonce, 1, 'EX', ARG.seconds, 'NX') then return { 'ok' } end
return { 'taken' }
