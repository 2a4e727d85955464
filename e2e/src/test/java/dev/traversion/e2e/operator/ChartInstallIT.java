/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.e2e.cluster.Command.Completed;
import dev.traversion.e2e.cluster.ControlPlane;
import dev.traversion.e2e.cluster.Kubectl;
import dev.traversion.e2e.cluster.Tool;
import dev.traversion.e2e.cluster.UsesControlPlane;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The chart installed, upgraded and uninstalled with helm, on a real API server. */
@Tag("operator")
@UsesControlPlane
class ChartInstallIT {

    private static final Path ROOT = Path.of(System.getProperty("traversion.root"));
    private static final Path CHART = ROOT.resolve("charts/traversion");
    private static final Path RESOURCES = ROOT.resolve("e2e/src/test/resources/dev/traversion/e2e/operator/chart");
    private static final String ALL_VALUES =
            RESOURCES.resolve("all-values.yaml").toString();
    private static final String DEFINITION = "crd/recordings.traversion.dev";
    private static final String RECORDING = """
            apiVersion: traversion.dev/v1alpha1
            kind: Recording
            metadata: {name: %s}
            spec: {store: {s3: {endpoint: "https://minio.example.com", bucket: recordings, credentialsSecret: bucket}}}
            """;

    @TempDir
    private Path directory;

    @Test
    void uninstallingKeepsWhatIsRecorded(ControlPlane plane) throws Exception {
        Kubectl kubectl = plane.kubectl();
        String notes = helm(plane, "install", CHART, "--values", ALL_VALUES);
        assertThat(notes)
                .contains("your recordings were left out")
                .contains("the PodMonitor and the PrometheusRule were left out");
        kubectl.awaitEstablished(DEFINITION);
        kubectl.apply(Files.readString(RESOURCES.resolve("monitoring-definitions.yaml")));
        kubectl.awaitEstablished("crd", "--all");
        assertThat(helm(plane, "upgrade", CHART, "--values", ALL_VALUES)).doesNotContain("left out");
        Kubectl system = kubectl.with("--namespace", RunningOperator.NAMESPACE);
        system.output("get", "podmonitor/traversion", "prometheusrule/traversion", "configmap/traversion-dashboard");
        kubectl.apply(RECORDING.formatted("other"));
        String before = uids(kubectl);
        assertThat(before).contains("prod", "other");

        tool(plane).output("uninstall", "traversion", "--namespace", RunningOperator.NAMESPACE);
        assertThat(system.output("get", "deployments,serviceaccounts,roles,networkpolicies", "-o", "name"))
                .doesNotContain("traversion");
        assertThat(kubectl.output("get", "clusterroles", "-o", "name")).doesNotContain("traversion");
        assertThat(uids(kubectl)).isEqualTo(before);

        helm(plane, "install", CHART, "--values", ALL_VALUES);
        assertThat(uids(kubectl)).isEqualTo(before);
    }

    @Test
    void theOperatorWorksWithTheRightsThatTheChartGives(ControlPlane plane) throws Exception {
        helm(plane, "install", CHART);
        Kubectl kubectl = plane.kubectl();
        kubectl.awaitEstablished("crd", "--all");
        kubectl.apply(RECORDING.formatted("prod"));
        assertThat(RunningOperator.check(plane, Duration.ZERO))
                .singleElement()
                .asString()
                .startsWith("No operator leads in the namespace traversion-system. See why");
        try (RunningOperator operator = new RunningOperator(plane, directory)) {
            assertThat(operator.registry()).isNotNull();
            kubectl.output(
                    "wait", "recording/prod", "--for=jsonpath={.status.conditions[0].status}=False", "--timeout=60s");
            assertThat(RunningOperator.check(plane, Duration.ZERO))
                    .singleElement()
                    .asString()
                    .startsWith("Recording prod is not ready: ");
            kubectl.output("patch", "recording/prod", "--type=merge", "-p", "{\"spec\":{\"paused\":true}}");
            kubectl.output("delete", "recording/prod", "--timeout=60s");
            assertThat(RunningOperator.check(plane, Duration.ofSeconds(30))).isEmpty();
        }
    }

    /** Definitions in crds/ of a chart would stay as they were. */
    @Test
    void anUpgradeBringsNewDefinitionsAndKeepsRecordings(ControlPlane plane) throws Exception {
        Path older = directory.resolve("older");
        copy(CHART, older);
        Files.delete(older.resolve("files/crds/snapshots.traversion.dev.yaml"));
        Path definition = older.resolve("files/crds/recordings.traversion.dev.yaml");
        String text = Files.readString(definition);
        assertThat(text).contains("    shortNames:\n    - rec\n");
        Files.writeString(definition, text.replace("    shortNames:\n    - rec\n", ""));
        Files.writeString(
                older.resolve("Chart.yaml"),
                Files.readString(older.resolve("Chart.yaml")).replaceAll("(?m)ersion: 0\\.1.*$", "ersion: 0.0.9"));

        helm(plane, "install", older);
        Kubectl kubectl = plane.kubectl();
        kubectl.awaitEstablished(DEFINITION);
        kubectl.apply(RECORDING.formatted("prod"));
        String before = uids(kubectl);
        assertThat(kubectl.run("get", "crd/snapshots.traversion.dev").status()).isNotZero();

        helm(plane, "upgrade", CHART);
        assertThat(kubectl.output("get", DEFINITION, "-o", "jsonpath={.spec.names.shortNames[0]}"))
                .isEqualTo("rec");
        kubectl.awaitEstablished("crd/snapshots.traversion.dev");
        assertThat(uids(kubectl)).isEqualTo(before);
    }

    @Test
    void takesOverWhatKubectlHasApplied(ControlPlane plane) throws Exception {
        Definitions.applyAll(plane.kubectl());
        plane.kubectl().apply(RECORDING.formatted("prod"));
        String before = uids(plane.kubectl());
        Completed refused = tool(plane).run("install", "traversion", CHART.toString(), "-n", RunningOperator.NAMESPACE);
        assertThat(refused.status()).isNotZero();
        helm(plane, "install", CHART, "--take-ownership", "--force-conflicts");
        assertThat(uids(plane.kubectl())).isEqualTo(before);
        assertThat(plane.kubectl().output("get", DEFINITION, "-o", "jsonpath={.metadata.annotations}"))
                .contains("\"helm.sh/resource-policy\":\"keep\"");
    }

    private String helm(ControlPlane plane, String verb, Path chart, String... options) {
        Stream<String> namespace = Stream.of("--namespace", RunningOperator.NAMESPACE, "--create-namespace");
        return tool(plane)
                .output(Stream.of(
                                Stream.of(verb, "traversion", chart.toString()),
                                verb.equals("install") ? namespace : namespace.limit(2),
                                Stream.of(options))
                        .flatMap(each -> each)
                        .toArray(String[]::new));
    }

    private Tool tool(ControlPlane plane) {
        return Tool.helm(plane.kubeconfig(), directory.resolve("helm"));
    }

    /** Of all recordings and of their definition: another uid were another object, and the recorders' end. */
    private static String uids(Kubectl kubectl) {
        String columns = "custom-columns=NAME:.metadata.name,UID:.metadata.uid";
        return kubectl.output("get", "recordings", "-o", columns) + kubectl.output("get", DEFINITION, "-o", columns);
    }

    private static void copy(Path from, Path to) throws IOException {
        List<Path> all;
        try (Stream<Path> found = Files.walk(from)) {
            all = found.toList();
        }
        for (Path each : all) {
            Files.copy(each, to.resolve(from.relativize(each)));
        }
    }
}
