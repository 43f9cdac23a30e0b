#!lua flags=no-writes
-- Counts the accounts of a list, or those that have a word with this beginning, each once.
-- KEYS: index
-- ARGV: list, word
-- Returns: ok(count) | many
-- include ./_tree.lua

if not ARG.word then return { 'ok', redis.call('HGET', KEY.index .. ':counts', ARG.list or '') or 0 } end
local words = tree_count(KEY.index, '\2' .. ARG.word, '\2' .. ARG.word .. '\255')
local repeated = words and tree_count(KEY.index, '\3' .. ARG.word, '\3' .. ARG.word .. '\255')
if not repeated then return { 'many' } end
return { 'ok', words - repeated }
