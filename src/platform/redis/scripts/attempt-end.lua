#!lua
-- Ends an attempt whose work is done. KEYS: attempt. Returns { 'ok' }.

redis.call('DEL', KEYS[1])
return { 'ok' }
