-- Removes a draft and all that is kept with it. ask: id member ending ws status (published), and
-- maybe deploying (true: only if it is locked, false: only if it is not).
local TO_CLEAR_UP = 60 * 1000
local meta = redis.call('HMGET', keys.draft, 'm:ws', 'm:status', 'm:v')
if meta[1] ~= ask.ws then
  redis.call('ZREM', keys.frozen, ask.member)
  return {'GONE'}
end
if ask.deploying ~= nil and (meta[2] == 'deploying') ~= ask.deploying then return {'LOCKED'} end

redis.call('DEL', keys.draft, keys.log)
redis.call('ZREM', keys.index, ask.member)
redis.call('HDEL', keys.names, ask.member)
redis.call('HINCRBY', keys.sizes, 'all', -(redis.call('HGET', keys.sizes, ask.member) or 0))
redis.call('HDEL', keys.sizes, ask.member)
redis.call('ZREM', keys.frozen, ask.member)
-- If whoever removes it does not come to clear up what was beside it, the sweep does.
redis.call('ZADD', keys.ends, now() + TO_CLEAR_UP, ask.ending)
publish(ask.id, {version = tonumber(meta[3]), status = ask.status})
return {'OK', tonumber(meta[3])}
