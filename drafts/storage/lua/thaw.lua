-- Makes a draft editable again, unless another deploy holds it. ask: id member ws status failure,
-- and maybe token (only if the lock is still this one), base (the live version it now starts from).
local meta = redis.call('HMGET', keys.draft, 'm:ws', 'm:status', 'm:token', 'm:v')
if meta[1] ~= ask.ws then
  redis.call('ZREM', keys.frozen, ask.member)
  return {'GONE'}
end
if meta[2] ~= 'deploying' or (ask.token and ask.token ~= meta[3]) then return {'LOCKED'} end

redis.call('HSET', keys.draft, 'm:status', ask.status, 'm:failure', ask.failure)
redis.call('HDEL', keys.draft, 'm:token')
if ask.base then redis.call('HSET', keys.draft, 'm:base', ask.base) end
redis.call('ZREM', keys.frozen, ask.member)
publish(ask.id, {version = tonumber(meta[4]), status = ask.status})
return {'OK', tonumber(meta[4])}
