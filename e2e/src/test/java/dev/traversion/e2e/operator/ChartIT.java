/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.traversion.e2e.cluster.Command.Completed;
import dev.traversion.e2e.cluster.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What helm makes of the chart, without a cluster. */
@Tag("operator")
class ChartIT {

    private static final Path ROOT = Path.of(System.getProperty("traversion.root"));
    private static final String CHART = ROOT.resolve("charts/traversion").toString();
    private static final String ALL_VALUES = ROOT.resolve(
                    "e2e/src/test/resources/dev/traversion/e2e/operator/chart/all-values.yaml")
            .toString();
    private static final String SYSTEM = "traversion-system";
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final List<String> HELMS_OWN = List.of(
            "app.kubernetes.io/instance",
            "app.kubernetes.io/version",
            "app.kubernetes.io/managed-by",
            "app.kubernetes.io/name",
            "app.kubernetes.io/component",
            "helm.sh/chart",
            "helm.sh/resource-policy");

    @TempDir
    private static Path home;

    private static Tool helm;

    @BeforeAll
    static void prepare() {
        helm = Tool.helm(home.resolve("kubeconfig"), home);
    }

    @Test
    void lintFindsNothing() {
        assertThat(helm.output("lint", "--strict", CHART)).doesNotContain("[WARNING]", "[ERROR]");
        assertThat(helm.output("lint", "--strict", CHART, "--values", ALL_VALUES))
                .doesNotContain("[WARNING]", "[ERROR]");
    }

    @Test
    void defaultsAreWhatKubectlAppliesFromConfig() throws IOException {
        Map<String, JsonNode> configured = objects(Tool.named("kubectl", Map.of())
                .output("kustomize", ROOT.resolve("config/default").toString()));
        assertThat(configured.remove("Namespace//" + SYSTEM))
                .as("helm --create-namespace")
                .isNotNull();
        Map<String, JsonNode> rendered = objects(template("--no-hooks"));
        assertThat(rendered.keySet()).isEqualTo(configured.keySet());
        rendered.forEach((name, object) -> assertThat(object.equals(ChartIT::compare, configured.get(name)))
                .as("%s%nwas %s%nnot %s", name, object, configured.get(name))
                .isTrue());
    }

    @Test
    void versionsAreThatOfTheBuild() throws IOException {
        Matcher build = Pattern.compile("<version>(.+)</version>").matcher(Files.readString(ROOT.resolve("pom.xml")));
        assertThat(build.find()).isTrue();
        JsonNode chart = YAML.readTree(Path.of(CHART, "Chart.yaml").toFile());
        assertThat(chart.path("version").asText()).isEqualTo(build.group(1));
        assertThat(chart.path("appVersion").asText()).isEqualTo(build.group(1));
        assertThat(Files.readString(ROOT.resolve("config/local/kustomization.yaml")))
                .contains("newTag: " + build.group(1), "traversion:" + build.group(1));
    }

    @Test
    void namesTheImagesThatAreAssembledHere() throws IOException {
        Map<String, JsonNode> local = objects(Tool.named("kubectl", Map.of())
                .output("kustomize", ROOT.resolve("config/local").toString()));
        Map<String, JsonNode> rendered = objects(template("--set", "imageRegistry=traversion.test", "--no-hooks"));
        String operator = "Deployment/" + SYSTEM + "/traversion-operator";
        assertThat(rendered.get(operator)).isEqualTo(local.get(operator));
    }

    @Test
    void everyOptionReachesWhatItIsFor() throws IOException {
        Map<String, JsonNode> objects = objects(template(
                "--values",
                ALL_VALUES,
                "--api-versions",
                "monitoring.coreos.com/v1/PodMonitor",
                "--api-versions",
                "monitoring.coreos.com/v1/PrometheusRule",
                "--api-versions",
                "traversion.dev/v1alpha1/Recording"));
        JsonNode deployment = objects.get("Deployment/" + SYSTEM + "/traversion-operator");
        JsonNode pod = deployment.at("/spec/template/spec");
        JsonNode container = pod.at("/containers/0");
        assertThat(container.path("image").asText())
                .isEqualTo("registry.example.com/platform/tools/traversion-operator:v1");
        assertThat(container.at("/env/1/value").asText())
                .isEqualTo("registry.example.com/platform/traversion@sha256:"
                        + "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assertThat(container.path("imagePullPolicy").asText()).isEqualTo("Always");
        assertThat(container.at("/env/2/value").asText())
                .isEqualTo("registry.example.com/platform/tools/traversion-agent:v1");
        assertThat(container.at("/env/3/name").asText()).isEqualTo("HTTPS_PROXY");
        assertThat(container.at("/resources/limits/memory").asText()).isEqualTo("1Gi");
        assertThat(pod.at("/imagePullSecrets/0/name").asText()).isEqualTo("registry");
        assertThat(pod.at("/nodeSelector/kubernetes.io~1os").asText()).isEqualTo("linux");
        assertThat(pod.at("/tolerations/0/key").asText()).isEqualTo("dedicated");
        assertThat(pod.at("/affinity/podAntiAffinity").isObject()).isTrue();
        assertThat(pod.at("/topologySpreadConstraints/0/maxSkew").asInt()).isEqualTo(1);
        assertThat(pod.path("priorityClassName").asText()).isEqualTo("system-cluster-critical");
        assertThat(deployment.at("/spec/replicas").asInt()).isEqualTo(2);
        assertThat(deployment.at("/spec/template/metadata/labels/team").asText())
                .isEqualTo("platform");
        assertThat(deployment
                        .at("/spec/template/metadata/annotations/example.com~1note")
                        .asText())
                .isEqualTo("yes");
        assertThat(objects.get("Recording//prod").at("/spec/retention/age").asText())
                .isEqualTo("14d");
        assertThat(objects.get("ServiceAccount/" + SYSTEM + "/traversion-operator")
                        .at("/metadata/annotations/eks.amazonaws.com~1role-arn")
                        .asText())
                .contains("role/traversion");
        assertThat(objects.get("RoleBinding/" + SYSTEM + "/traversion-visitors")
                        .at("/subjects/0/name")
                        .asText())
                .isEqualTo("developers");
        assertThat(objects.get("PodMonitor/" + SYSTEM + "/traversion")
                        .at("/spec/podMetricsEndpoints/0/interval")
                        .asText())
                .isEqualTo("1m");
        assertThat(objects.get("PrometheusRule/" + SYSTEM + "/traversion")
                        .at("/spec/groups")
                        .isArray())
                .isTrue();
        assertThat(YAML.readTree(objects.get("ConfigMap/" + SYSTEM + "/traversion-dashboard")
                        .at("/data/traversion.json")
                        .asText()))
                .isEqualTo(YAML.readTree(
                        Path.of(CHART, "monitoring/dashboard.json").toFile()));
        objects.values().forEach(object -> assertThat(
                        object.at("/metadata/labels/example.com~1cost").asText())
                .as("%s", object.path("metadata"))
                .isEqualTo("observability"));
    }

    @Test
    void whatIsSwitchedOffIsLeftOut() throws IOException {
        Map<String, JsonNode> objects = objects(
                template("--set", "podDisruptionBudget.enabled=false,networkPolicy.enabled=false,crds.install=false"));
        assertThat(objects.keySet())
                .noneMatch(name -> name.startsWith("PodDisruptionBudget")
                        || name.startsWith("NetworkPolicy")
                        || name.startsWith("CustomResourceDefinition"));
        assertThat(template("--set", "crds.keep=false")).doesNotContain("helm.sh/resource-policy");
    }

    /** A value that is misspelt is one that does nothing, and nobody notices. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            replica=2                            | at '': additional properties 'replica' not allowed
            image.pullpolicy=Always              | at '/image': additional properties 'pullpolicy' not allowed
            monitoring.podMonitor.enable=true    | at '/monitoring/podMonitor': additional properties 'enable' not allowed
            crds.keep=perhaps                    | at '/crds/keep': got string, want boolean
            replicas=two                         | at '/replicas': got string, want integer
            replicas=-1                          | at '/replicas': minimum: got -1, want 0
            image.tag=a tag                      | at '/image/tag': 'a tag' does not match pattern
            image.digest=e3b0c442                | at '/image/digest': 'e3b0c442' does not match pattern
            imageRegistry=registry.example.com/  | at '/imageRegistry': 'registry.example.com/' does not match pattern
            image.pullPolicy=Sometimes           | at '/image/pullPolicy': value must be one of
            access.visitors[0].kind=Role         | value must be one of 'User', 'Group', 'ServiceAccount'
            access.visitors[0].kind=User         | at '/access/visitors/0': missing property 'name'
            recordings.Prod.store.s3.bucket=a    | invalid propertyName 'Prod'
            recordings.prod.retention.age=14d    | at '/recordings/prod': missing property 'store'
            monitoring.podMonitor.interval=soon  | at '/monitoring/podMonitor/interval': 'soon' does not match pattern
            env[0].name=TRAVERSION_IMAGE         | at '/env/0/name': 'not' failed
            """)
    void aWrongValueIsRefusedByItsName(String value, String sentence) {
        Completed answer = helm.run("template", "traversion", CHART, "--set", value);
        assertThat(answer.status()).as(answer.out()).isNotZero();
        assertThat(answer.err()).contains(sentence);
    }

    private static String template(String... options) {
        String[] arguments = new String[options.length + 5];
        List.of("template", "traversion", CHART, "--namespace", SYSTEM).toArray(arguments);
        System.arraycopy(options, 0, arguments, 5, options.length);
        return helm.output(arguments);
    }

    /** By kind, namespace and name, without what is helm's. */
    private static Map<String, JsonNode> objects(String text) throws IOException {
        Map<String, JsonNode> objects = new TreeMap<>();
        for (JsonNode object :
                YAML.readerFor(JsonNode.class).<JsonNode>readValues(text).readAll()) {
            if (object.isObject()) {
                ObjectNode metadata = (ObjectNode) object.path("metadata");
                without(metadata, "labels");
                without(metadata, "annotations");
                objects.put(
                        object.path("kind").asText() + "/"
                                + metadata.path("namespace").asText() + "/"
                                + metadata.path("name").asText(),
                        object);
            }
        }
        return objects;
    }

    /** kustomize writes 9.0 as 9. */
    private static int compare(JsonNode one, JsonNode other) {
        if (one.isNumber() && other.isNumber()) {
            return Double.compare(one.asDouble(), other.asDouble());
        }
        return one.equals(other) ? 0 : 1;
    }

    private static void without(ObjectNode metadata, String map) {
        if (metadata.path(map) instanceof ObjectNode entries) {
            entries.remove(HELMS_OWN);
            if (entries.isEmpty()) {
                metadata.remove(map);
            }
        }
    }
}
