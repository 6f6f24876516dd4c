#!/usr/bin/env bash
# kafka.sh start|stop|kill|status: the private single-node Kafka (KRaft) of this stack.
. "$(dirname "$0")/common.sh"

PROPERTIES=$KAFKA_DIR/server.properties
LOG=$KAFKA_DIR/log

pid() { cat "$KAFKA_DIR/pid" 2>/dev/null || true; }
port() { cut -d' ' -f1 "$KAFKA_DIR/ports"; }
listening() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
running() { ours "$(pid)" "$PROPERTIES"; }

configure() {
    local broker controller
    read -r broker controller <<<"$(free_ports "$KAFKA_DIR/ports" 2)"
    cat >"$PROPERTIES" <<EOF
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:$controller
listeners=PLAINTEXT://127.0.0.1:$broker,CONTROLLER://127.0.0.1:$controller
advertised.listeners=PLAINTEXT://127.0.0.1:$broker
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs=$KAFKA_DIR/data
auto.create.topics.enable=false
# One node, so one copy of everything.
default.replication.factor=1
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
# Tests take over, time out and compact within seconds.
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
broker.session.timeout.ms=4000
broker.heartbeat.interval.ms=500
transaction.max.timeout.ms=60000
transaction.abort.timed.out.transaction.cleanup.interval.ms=1000
log.cleaner.backoff.ms=2000
log.cleaner.dedupe.buffer.size=33554432
# Room for the 2 MiB strings of the poison tests.
message.max.bytes=8388608
EOF
    cat >"$KAFKA_DIR/log4j2.properties" <<'EOF'
status=warn
rootLogger.level=warn
rootLogger.appenderRef.out.ref=out
appender.out.type=Console
appender.out.name=out
appender.out.layout.type=PatternLayout
appender.out.layout.pattern=%d{ISO8601} %p %c{1}: %m%n
EOF
}

JAVA=(java -Xms256m -Xmx512m -XX:+UseG1GC -XX:MaxGCPauseMillis=20 -Djava.awt.headless=true
    -Dlog4j2.configurationFile="$KAFKA_DIR/log4j2.properties" -cp "$KAFKA_LIBS/*")

# The id follows "=": it may begin with "-".
format_storage() {
    local id
    id=$("$VENV/bin/python" -c \
        'import base64, uuid; print(base64.urlsafe_b64encode(uuid.uuid4().bytes).decode()[:22])')
    "${JAVA[@]}" kafka.tools.StorageTool format --cluster-id="$id" -c "$PROPERTIES" >"$LOG" 2>&1 ||
        { tail -20 "$LOG" >&2; die "Kafka's data folder could not be prepared"; }
}

start() {
    mkdir -p "$KAFKA_DIR"
    lock "$KAFKA_DIR"
    if running && listening "$(port)"; then return 0; fi
    stop_process "$(pid)" "$PROPERTIES" 15 TERM
    configure
    [ -e "$KAFKA_DIR/data/meta.properties" ] || format_storage
    setsid "${JAVA[@]}" kafka.Kafka "$PROPERTIES" >>"$LOG" 2>&1 </dev/null 9>&- &
    echo $! >"$KAFKA_DIR/pid"
    local i=0
    until listening "$(port)"; do
        i=$((i + 1))
        if [ "$i" -gt 300 ] || { [ "$i" -gt 5 ] && ! running; }; then
            tail -20 "$LOG" >&2
            die "Kafka did not start; its log is $LOG"
        fi
        sleep 0.2
    done
    say "Kafka is up on 127.0.0.1:$(port)"
}

stop() {
    running || return 0
    lock "$KAFKA_DIR"
    stop_process "$(pid)" "$PROPERTIES" 20 "$1"
    rm -f "$KAFKA_DIR/pid"
    say "Kafka is down"
}

case ${1:-} in
start) start ;;
stop) stop TERM ;;
kill) stop KILL ;;
status) running && say "Kafka runs as process $(pid) on 127.0.0.1:$(port)" ;;
*) die "usage: kafka.sh start|stop|kill|status" ;;
esac
