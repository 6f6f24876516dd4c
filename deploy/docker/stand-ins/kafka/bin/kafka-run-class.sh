#!/usr/bin/env bash
# kafka-run-class.sh CLASS [ARGUMENT...]
set -eu
# shellcheck disable=SC2086  # these variables are lists of options
exec java ${KAFKA_HEAP_OPTS:--Xmx256M} \
    ${KAFKA_JVM_PERFORMANCE_OPTS:--XX:+UseG1GC -XX:MaxGCPauseMillis=20 -Djava.awt.headless=true} \
    ${KAFKA_LOG4J_OPTS:--Dlog4j2.configurationFile=/etc/kafka/docker/tools-log4j2.yaml} ${KAFKA_OPTS:-} \
    -cp "/opt/kafka/libs/*" "$@"
