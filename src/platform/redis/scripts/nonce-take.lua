#!lua
-- Takes the nonce of a solved challenge. KEYS: captcha. ARGV: seconds. Returns { 'ok' } | { 'taken' }.

if redis.call('SET', KEYS[1], 1, 'EX', ARGV[1], 'NX') then return { 'ok' } end
return { 'taken' }
