/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.record;

import dev.traversion.archive.RecordingWriter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;

/** What Prometheus is told of the log, which grows while the store is away. */
public final class LogMetrics {

    public LogMetrics(PrometheusRegistry registry, RecordingWriter writer) {
        GaugeWithCallback.builder()
                .name("traversion_log_bytes")
                .help("Size of the log on this machine")
                .callback(callback -> {
                    try {
                        callback.call((double) writer.logBytes());
                    } catch (IOException e) {
                        // Segments come and go meanwhile: there is another scrape soon.
                        System.getLogger(LogMetrics.class.getName())
                                .log(System.Logger.Level.DEBUG, "the log's size is not known", e);
                    }
                })
                .register(registry);
        GaugeWithCallback.builder()
                .name("traversion_log_budget_bytes")
                .help("Size up to which the log may grow while the store is away")
                .callback(callback -> callback.call((double) writer.logBudget()))
                .register(registry);
    }
}
