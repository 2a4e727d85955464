/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.archive.RecordingWriter;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.WriterOptions;
import dev.traversion.archive.store.FileStore;
import io.prometheus.metrics.exporter.httpserver.HTTPServer;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a scrape answers, read as Prometheus reads it. */
class SnapshotterMetricsTest {

    private static final ResourceType DEPLOYMENTS = new ResourceType("apps", "deployments");
    private static final ResourceType GONE = new ResourceType("example.com", "widgets");

    @TempDir
    private Path directory;

    @Test
    void everyMetricIsThereUnderAConventionalName() throws Exception {
        String scrape = scrape();
        Map<String, String> types = new TreeMap<>();
        scrape.lines().filter(line -> line.startsWith("# TYPE ")).forEach(line -> {
            String[] words = line.split(" ", 4);
            types.put(words[2], words[3]);
        });
        assertThat(types)
                .isEqualTo(new TreeMap<>(Map.ofEntries(
                        Map.entry("traversion_changes_total", "counter"),
                        Map.entry("traversion_change_bytes_total", "counter"),
                        Map.entry("traversion_gaps_total", "counter"),
                        Map.entry("traversion_reconnects_total", "counter"),
                        Map.entry("traversion_observing", "gauge"),
                        Map.entry("traversion_last_change_timestamp_seconds", "gauge"),
                        Map.entry("traversion_confirmed_timestamp_seconds", "gauge"),
                        Map.entry("traversion_synced_changes_total", "counter"),
                        Map.entry("traversion_stalled", "gauge"),
                        Map.entry("traversion_store_failing", "gauge"),
                        Map.entry("traversion_unsealed_changes", "gauge"),
                        Map.entry("traversion_wal_bytes_total", "counter"),
                        Map.entry("traversion_sealed_parts_total", "counter"),
                        Map.entry("traversion_sealed_bytes_total", "counter"),
                        Map.entry("traversion_failed_uploads_total", "counter"))));
        types.forEach((name, type) -> {
            assertThat(name).matches("traversion(_[a-z]+)+");
            assertThat(name.endsWith("_total")).as(name).isEqualTo(type.equals("counter"));
            assertThat(scrape).containsPattern("(?m)^# HELP " + name + " [A-Z0-9].{10,}$");
        });
    }

    @Test
    void valuesAreThoseOfTheResource() throws Exception {
        String labels = "{group=\"apps\",resource=\"deployments\"} ";
        assertThat(scrape().lines())
                .contains(
                        "traversion_changes_total" + labels + "2.0",
                        "traversion_change_bytes_total" + labels + "150.0",
                        "traversion_gaps_total" + labels + "1.0",
                        "traversion_reconnects_total" + labels + "1.0",
                        "traversion_observing" + labels + "0.0",
                        "traversion_last_change_timestamp_seconds" + labels + "2.5",
                        "traversion_confirmed_timestamp_seconds" + labels + "3.0",
                        "traversion_stalled 0.0",
                        "traversion_unsealed_changes 0.0",
                        "traversion_failed_uploads_total 0.0");
    }

    @Test
    void whatIsRecordedNoMoreIsNeitherMissingNorLate() throws Exception {
        assertThat(scrape()).contains("traversion_changes_total{group=\"example.com\",resource=\"widgets\"} 1.0");
        assertThat(scrape().lines().filter(line -> line.contains("widgets")))
                .noneMatch(line -> line.startsWith("traversion_observing") || line.startsWith("traversion_confirmed"));
    }

    private String scrape() throws Exception {
        PrometheusRegistry registry = new PrometheusRegistry();
        try (RecordingWriter writer = RecordingWriter.open(
                        new FileStore(directory.resolve("recording")),
                        "cluster",
                        WriterOptions.of("test", directory.resolve("state")));
                HTTPServer server =
                        HTTPServer.builder().port(0).registry(registry).buildAndStart()) {
            SnapshotterMetrics metrics = new SnapshotterMetrics(registry, writer);
            metrics.changes(DEPLOYMENTS).changed(100, 1_000_000_000L);
            metrics.changes(DEPLOYMENTS).changed(50, 2_500_000_000L);
            metrics.confirmed(DEPLOYMENTS, 3_000_000_000L);
            metrics.gap(DEPLOYMENTS);
            metrics.reconnected(DEPLOYMENTS);
            for (boolean is : List.of(true, false)) {
                metrics.observing(DEPLOYMENTS, is);
            }
            metrics.changes(GONE).changed(1, 1);
            metrics.confirmed(GONE, 1);
            metrics.observing(GONE, true);
            metrics.stopped(GONE);
            try (InputStream in = URI.create("http://127.0.0.1:" + server.getPort() + "/metrics")
                    .toURL()
                    .openStream()) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
        }
    }
}
