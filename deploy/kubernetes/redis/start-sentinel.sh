#!/bin/sh
# Starts the Sentinel beside one Redis of three; see start-redis.sh.
set -eu
umask 077
export REDISCLI_AUTH="$REDIS_PASSWORD"

# The Sentinel keeps in this file what it knows of the others, and who is the master.
if [ ! -e /data/sentinel.conf ]; then
  # The Redis beside it knows whom it follows.
  until redis-cli -h "$SELF" -p 6379 --no-auth-warning ping > /dev/null 2>&1; do sleep 1; done
  master=$(sed -n 's/^replicaof \(.*\) .*/\1/p' /data/redis.conf)
  cat > /data/sentinel.new << EOF
bind *
port 26379
dir /data
requirepass $REDIS_PASSWORD
sentinel resolve-hostnames yes
sentinel announce-hostnames yes
sentinel announce-ip $SELF
sentinel monitor dvokrok ${master:-$SELF} 6379 2
sentinel auth-pass dvokrok $REDIS_PASSWORD
sentinel down-after-milliseconds dvokrok 3000
sentinel failover-timeout dvokrok 10000
EOF
  mv /data/sentinel.new /data/sentinel.conf
fi
exec redis-server /data/sentinel.conf --sentinel
