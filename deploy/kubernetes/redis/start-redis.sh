#!/bin/sh
# Starts one Redis of three. SELF: the name by which the others reach it; PEERS: the names of all, the first of which begins as the master.
set -eu
umask 077

# Whom the Sentinels that answer take for the master; nothing while none answers.
known_master () {
  for peer in $PEERS; do
    found=$(timeout 2 redis-cli -h "$peer" -p 26379 --no-auth-warning sentinel get-master-addr-by-name dvokrok 2> /dev/null | head -n 1)
    case $found in '' | *' '*) ;; *) echo "$found"; return ;; esac
  done
}

export REDISCLI_AUTH="$REDIS_PASSWORD"
# Redis keeps in this file what the Sentinels have made of it.
if [ -e /data/redis.conf ]; then
  role=$(grep '^replicaof ' /data/redis.conf || true)
else
  master=$(known_master)
  master=${master:-${PEERS%% *}}
  role=''
  [ "$master" = "$SELF" ] || role="replicaof $master 6379"
fi
cat > /data/redis.conf << EOF
bind *
port 6379
dir /data
# What was answered with success survives a crash, and nothing is evicted.
appendonly yes
appendfsync always
save ""
maxmemory-policy noeviction
stream-node-max-bytes 512
# A master that is cut off from its replicas takes no changes.
min-replicas-to-write 1
min-replicas-max-lag 10
replica-announce-ip $SELF
requirepass $REDIS_PASSWORD
masterauth $REDIS_PASSWORD
$role
EOF
exec redis-server /data/redis.conf
