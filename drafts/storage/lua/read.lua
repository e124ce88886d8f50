-- Gives the whole draft as one text: thousands of small replies take longer to read. ask: ws
if redis.call('HGET', keys.draft, 'm:ws') ~= ask.ws then return {'GONE'} end
return {'OK', cjson.encode(redis.call('HGETALL', keys.draft))}
