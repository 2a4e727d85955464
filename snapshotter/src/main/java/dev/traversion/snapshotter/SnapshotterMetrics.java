/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter;

import dev.traversion.archive.RecordingSink;
import dev.traversion.archive.ResourceType;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.GaugeDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/** What Prometheus is told. */
public final class SnapshotterMetrics {

    private final Counter changes;
    private final Counter bytes;
    private final Counter gaps;
    private final Counter reconnects;
    private final Gauge observing;
    private final Gauge lastChange;
    private final Gauge confirmed;

    public SnapshotterMetrics(PrometheusRegistry registry, RecordingSink sink) {
        changes = counter("traversion_changes", "Versions of objects recorded", registry);
        bytes = counter("traversion_change_bytes", "Bytes of their bodies, masked", registry);
        gaps = counter("traversion_gaps", "Gaps in what was observed", registry);
        reconnects = counter("traversion_reconnects", "Watches that ended and were taken up again", registry);
        observing = gauge("traversion_observing", "1 while every change of the resource is seen, else 0", registry);
        lastChange = gauge("traversion_last_change_timestamp_seconds", "When the last change was observed", registry);
        confirmed = gauge(
                "traversion_confirmed_timestamp_seconds",
                "Up to when everything is recorded: the lag of the resource is the time since",
                registry);
        total(
                "traversion_synced_changes",
                "Versions on the disk",
                () -> sink.progress().changes(),
                registry);
        total(
                "traversion_wal_bytes",
                "Bytes written to the log",
                () -> sink.progress().walBytes(),
                registry);
        total(
                "traversion_sealed_parts",
                "Parts committed",
                () -> sink.progress().sealedParts(),
                registry);
        total(
                "traversion_sealed_bytes",
                "Bytes of these parts",
                () -> sink.progress().sealedBytes(),
                registry);
        total(
                "traversion_failed_uploads",
                "Writes to the store that failed",
                () -> sink.progress().failedUploads(),
                registry);
        GaugeWithCallback.builder()
                .name("traversion_store_failing")
                .help("1 while the store cannot be written and recording goes on in the local log, else 0")
                .callback(
                        callback -> callback.call(sink.progress().storeProblem().isEmpty() ? 0 : 1))
                .register(registry);
        GaugeWithCallback.builder()
                .name("traversion_stalled")
                .help("1 while nothing can be written, as on a full disk, else 0")
                .callback(callback -> callback.call(sink.progress().stalled().isEmpty() ? 0 : 1))
                .register(registry);
        GaugeWithCallback.builder()
                .name("traversion_unsealed_changes")
                .help("Versions in the log that are in no part")
                .callback(callback -> callback.call((double) sink.progress().unsealedChanges()))
                .register(registry);
    }

    /** What is told of each change of one resource: looked up once, since changes are many. */
    public final class Changes {
        private final CounterDataPoint changesOfType;
        private final CounterDataPoint bytesOfType;
        private final GaugeDataPoint lastChangeOfType;

        private Changes(ResourceType type) {
            changesOfType = changes.labelValues(type.group(), type.resource());
            bytesOfType = bytes.labelValues(type.group(), type.resource());
            lastChangeOfType = lastChange.labelValues(type.group(), type.resource());
        }

        public void changed(int size, long time) {
            changesOfType.inc();
            bytesOfType.inc(size);
            lastChangeOfType.set(time / 1e9);
        }
    }

    public Changes changes(ResourceType type) {
        return new Changes(type);
    }

    public void confirmed(ResourceType type, long time) {
        confirmed.labelValues(type.group(), type.resource()).set(time / 1e9);
    }

    public void gap(ResourceType type) {
        gaps.labelValues(type.group(), type.resource()).inc();
    }

    public void reconnected(ResourceType type) {
        reconnects.labelValues(type.group(), type.resource()).inc();
    }

    public void observing(ResourceType type, boolean is) {
        observing.labelValues(type.group(), type.resource()).set(is ? 1 : 0);
    }

    /** It is served no more, or another one records it: neither is it missing here, nor late. */
    public void stopped(ResourceType type) {
        observing.remove(type.group(), type.resource());
        confirmed.remove(type.group(), type.resource());
    }

    private static Counter counter(String name, String help, PrometheusRegistry registry) {
        return Counter.builder()
                .name(name)
                .help(help)
                .labelNames("group", "resource")
                .withoutExemplars()
                .register(registry);
    }

    private static Gauge gauge(String name, String help, PrometheusRegistry registry) {
        return Gauge.builder()
                .name(name)
                .help(help)
                .labelNames("group", "resource")
                .withoutExemplars()
                .register(registry);
    }

    private interface Value {
        double get();
    }

    private static void total(String name, String help, Value value, PrometheusRegistry registry) {
        CounterWithCallback.builder()
                .name(name)
                .help(help)
                .callback(callback -> callback.call(value.get()))
                .register(registry);
    }
}
