/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset;

import dev.traversion.daemonset.event.EventType;
import dev.traversion.daemonset.probe.EventCounter;
import dev.traversion.daemonset.probe.Probe;
import dev.traversion.daemonset.upload.Upload;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Locale;
import java.util.function.ToLongFunction;

/** What Prometheus is told of an agent. */
public final class AgentMetrics {

    /** @param upload null if there is none */
    public AgentMetrics(PrometheusRegistry registry, Agent agent, Upload upload) {
        AgentProgress progress = agent.progress();
        events(
                registry,
                progress,
                "traversion_agent_events_total",
                "Events that the kernel handed over, by type",
                EventCounter::written);
        events(
                registry,
                progress,
                "traversion_agent_events_lost_total",
                "Events for which the kernel's ring had no space",
                EventCounter::lost);
        events(
                registry,
                progress,
                "traversion_agent_events_limited_total",
                "Events of control groups that caused more than they may",
                EventCounter::limited);
        CounterWithCallback.builder()
                .name("traversion_agent_rows_shed_total")
                .help("Rows for which the disk had no space")
                .callback(callback -> callback.call((double) progress.shed()))
                .register(registry);
        GaugeWithCallback.builder()
                .name("traversion_agent_spool_bytes")
                .help("Bytes of the node's files")
                .callback(callback -> callback.call((double) progress.bytes()))
                .register(registry);
        if (upload != null) {
            CounterWithCallback.builder()
                    .name("traversion_agent_files_uploaded_total")
                    .help("Files that are in the store")
                    .callback(callback -> callback.call((double) upload.uploaded()))
                    .register(registry);
            CounterWithCallback.builder()
                    .name("traversion_agent_upload_failures_total")
                    .help("Attempts to upload that failed")
                    .callback(callback -> callback.call((double) upload.failures()))
                    .register(registry);
        }
        GaugeWithCallback.builder()
                .name("traversion_agent_probe_attached")
                .help("1 if the probe is attached, 0 if this kernel does not take it")
                .labelNames("probe")
                .callback(callback -> {
                    for (Probe probe : agent.wanted()) {
                        double attached = agent.unusable().containsKey(probe) ? 0 : 1;
                        callback.call(attached, probe.name().toLowerCase(Locale.ROOT));
                    }
                })
                .register(registry);
    }

    private static void events(
            PrometheusRegistry registry,
            AgentProgress progress,
            String name,
            String help,
            ToLongFunction<EventCounter> count) {
        CounterWithCallback.builder()
                .name(name)
                .help(help)
                .labelNames("type")
                .callback(callback -> {
                    for (EventType type : EventType.values()) {
                        callback.call((double) count.applyAsLong(progress.counter(type)), type.kind());
                    }
                })
                .register(registry);
    }
}
