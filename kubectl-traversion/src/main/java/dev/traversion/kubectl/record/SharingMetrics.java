/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.record;

import dev.traversion.archive.RecordingWriter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.function.ToDoubleFunction;

/** What Prometheus is told of recorders that share a recording. */
public final class SharingMetrics {

    public SharingMetrics(PrometheusRegistry registry, RecordingWriter writer) {
        gauge(
                registry,
                writer,
                "traversion_committer",
                "1 while this recorder commits what all record, else 0",
                each -> each.commits() ? 1 : 0);
        gauge(
                registry,
                writer,
                "traversion_members",
                "Recorders that share the recording, this one included",
                each -> each.others().size() + 1);
        gauge(registry, writer, "traversion_owned_types", "Resources that this recorder records", each -> each.ours()
                .size());
    }

    private static void gauge(
            PrometheusRegistry registry,
            RecordingWriter writer,
            String name,
            String help,
            ToDoubleFunction<RecordingWriter> value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .callback(callback -> callback.call(value.applyAsDouble(writer)))
                .register(registry);
    }
}
