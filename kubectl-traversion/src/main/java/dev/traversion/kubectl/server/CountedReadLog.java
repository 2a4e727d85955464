/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.server;

import dev.traversion.rewind.access.Read;
import dev.traversion.rewind.access.User;
import dev.traversion.rewind.guard.ReadLog;
import dev.traversion.rewind.http.Exchange;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/** Tells Prometheus of reads: how many were allowed, refused, or could not be put on record. */
public final class CountedReadLog implements ReadLog {

    private static final String ALLOWED = "allowed";
    private static final String REFUSED = "refused";
    private static final String UNRECORDED = "unrecorded";

    private final ReadLog log;
    private final Counter reads;

    public CountedReadLog(ReadLog log, PrometheusRegistry registry) {
        this.log = log;
        this.reads = Counter.builder()
                .name("traversion_reads_total")
                .help("Reads of the past: allowed, refused, or refused since they could not be put on record")
                .labelNames("result")
                .withoutExemplars()
                .register(registry);
        for (String result : new String[] {ALLOWED, REFUSED, UNRECORDED}) {
            reads.initLabelValues(result);
        }
    }

    @Override
    public void record(User caller, User user, Exchange exchange, Read read, String refusal) {
        String result = UNRECORDED;
        try {
            log.record(caller, user, exchange, read, refusal);
            result = refusal.isEmpty() ? ALLOWED : REFUSED;
        } finally {
            if (!(read instanceof Read.Own)) {
                reads.labelValues(result).inc();
            }
        }
    }
}
