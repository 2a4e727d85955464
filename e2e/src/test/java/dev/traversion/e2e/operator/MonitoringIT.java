/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.traversion.archive.RecordingWriter;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.WriterOptions;
import dev.traversion.archive.store.FileStore;
import dev.traversion.e2e.cluster.Tool;
import dev.traversion.kubectl.record.LogMetrics;
import dev.traversion.kubectl.record.SharingMetrics;
import dev.traversion.kubectl.server.CountedReadLog;
import dev.traversion.operator.status.OperatorMetrics;
import dev.traversion.snapshotter.SnapshotterMetrics;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Alerts and the dashboard: sound by promtool, and of metrics and labels that recorders, servers and the operator have. */
@Tag("operator")
class MonitoringIT {

    private static final Path FOLDER = Path.of(System.getProperty("traversion.root"), "charts/traversion/monitoring");
    private static final Path ALERTS = FOLDER.resolve("alerts.yaml");
    private static final Pattern METRIC = Pattern.compile("\\btraversion_[a-z_]+");
    private static final Pattern GROUPED = Pattern.compile("\\b(?:by|on) \\(([a-z_, ]*)\\)");
    private static final Pattern MATCHED = Pattern.compile("[{,] ?([a-z_]+)=~?\"");

    /** What the PodMonitor of the chart, and Prometheus itself, add. */
    private static final Set<String> ADDED = Set.of("recording", "component", "namespace", "pod");

    @TempDir
    private Path directory;

    @Test
    void alertsAreSoundAndFireWhenTheyAreTo() {
        Tool promtool = Tool.named("promtool", Map.of());
        assertThat(promtool.output("check", "rules", "--lint=all", "--lint-fatal", ALERTS.toString()))
                .contains("SUCCESS");
        assertThat(promtool.output(
                        "test", "rules", FOLDER.resolve("alerts-test.yaml").toString()))
                .contains("SUCCESS");
    }

    @Test
    void everyAlertSaysWhatIsWrongAndWhatToDoAndIsTested() throws Exception {
        JsonNode tests = new ObjectMapper(new YAMLFactory())
                .readTree(FOLDER.resolve("alerts-test.yaml").toFile());
        Set<String> fired = new TreeSet<>();
        Set<String> quiet = new TreeSet<>();
        tests.path("tests").forEach(test -> test.path("alert_rule_test")
                .forEach(each -> (each.path("exp_alerts").isEmpty() ? quiet : fired)
                        .add(each.path("alertname").asText())));
        for (JsonNode rule : rules()) {
            String name = rule.path("alert").asText();
            assertThat(rule.at("/labels/severity").asText()).as(name).isIn("critical", "warning");
            for (String text : List.of("summary", "description", "action")) {
                assertThat(rule.at("/annotations/" + text).asText())
                        .as("%s of %s", text, name)
                        .hasSizeGreaterThan(20);
            }
            assertThat(fired).contains(name);
            assertThat(quiet).contains(name);
        }
    }

    @Test
    void alertsAndDashboardNameMetricsAndLabelsThatAreThere() throws Exception {
        Map<String, Set<String>> real = metrics();
        List<String> expressions = new ArrayList<>();
        rules().forEach(rule -> expressions.add(rule.path("expr").asText()));
        JsonNode dashboard =
                new ObjectMapper().readTree(FOLDER.resolve("dashboard.json").toFile());
        expressions.addAll(dashboard.findValuesAsText("expr"));
        assertThat(dashboard.path("panels").size()).isGreaterThan(5);
        for (String expression : expressions) {
            Set<String> labels = new HashSet<>(ADDED);
            Matcher metric = METRIC.matcher(expression);
            while (metric.find()) {
                assertThat(real).as(expression).containsKey(metric.group());
                labels.addAll(real.get(metric.group()));
            }
            for (Pattern pattern : List.of(GROUPED, MATCHED)) {
                Matcher used = pattern.matcher(expression);
                while (used.find()) {
                    for (String label : used.group(1).split(", *", 0)) {
                        assertThat(label.isEmpty() || labels.contains(label))
                                .as("label %s in %s", label, expression)
                                .isTrue();
                    }
                }
            }
        }
    }

    /** A rule may be any expression, so promtool checks the dashboard's as rules. */
    @Test
    void theDashboardsQueriesAreSound() throws Exception {
        ObjectNode file = new ObjectMapper().createObjectNode();
        ArrayNode rules =
                file.putArray("groups").addObject().put("name", "dashboard").putArray("rules");
        for (String query : new ObjectMapper()
                .readTree(FOLDER.resolve("dashboard.json").toFile())
                .findValuesAsText("expr")) {
            rules.addObject()
                    .put("record", "query:" + rules.size())
                    .put("expr", query.replace("$__rate_interval", "5m"));
        }
        Path written = Files.writeString(directory.resolve("rules.yaml"), file.toString());
        assertThat(Tool.named("promtool", Map.of()).output("check", "rules", written.toString()))
                .contains("SUCCESS: " + rules.size() + " rules found");
    }

    private static List<JsonNode> rules() throws Exception {
        List<JsonNode> rules = new ArrayList<>();
        new ObjectMapper(new YAMLFactory())
                .readTree(ALERTS.toFile())
                .path("groups")
                .forEach(group -> group.path("rules").forEach(rules::add));
        assertThat(rules).isNotEmpty();
        return rules;
    }

    /** The names of the labels of each metric, from the same classes that processes register. */
    private Map<String, Set<String>> metrics() throws Exception {
        PrometheusRegistry registry = new PrometheusRegistry();
        try (RecordingWriter writer = RecordingWriter.openShared(
                new FileStore(directory.resolve("recording")),
                "cluster",
                WriterOptions.of("test", directory.resolve("state")),
                "key")) {
            SnapshotterMetrics recorder = new SnapshotterMetrics(registry, writer);
            ResourceType type = new ResourceType("apps", "deployments");
            recorder.changes(type).changed(1, 1);
            recorder.confirmed(type, 1);
            recorder.gap(type);
            recorder.reconnected(type);
            recorder.observing(type, true);
            new SharingMetrics(registry, writer);
            new LogMetrics(registry, writer);
            new CountedReadLog((caller, user, exchange, read, refusal) -> {}, registry);
            OperatorMetrics operator = new OperatorMetrics(registry);
            operator.reconciliationSucceeded(new ConfigMap(), Map.of());
            Map<String, Set<String>> labels = new HashMap<>();
            registry.scrape().forEach(metric -> {
                String name = metric.getMetadata().getPrometheusName();
                Set<String> names = labels.computeIfAbsent(
                        metric instanceof CounterSnapshot ? name + "_total" : name, each -> new HashSet<>());
                metric.getDataPoints().forEach(point -> point.getLabels().forEach(label -> names.add(label.getName())));
            });
            labels.put("traversion_condition", Set.of("kind", "namespace", "name", "type"));
            return labels;
        }
    }
}
