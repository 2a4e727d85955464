/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.operator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.traversion.e2e.cluster.Kubectl;
import dev.traversion.e2e.plugin.Plugin;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Pod that the operator asks for, as a process: with the arguments, variables, mounted files and ServiceAccount of the workload. Only ports,
 * and the paths of what is mounted, are others.
 */
final class DeployedPod implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern PORT = Pattern.compile("on port (\\d+)");

    private final Plugin.Running running;

    private DeployedPod(Plugin.Running running) {
        this.running = running;
    }

    /** Returns when everything is listed. */
    static DeployedPod recorder(OperatorRig rig, String recording, Path directory) throws Exception {
        Map<String, String> others = Map.of(
                "/etc/traversion/rules/rules.json",
                file(directory, "rules.json", rig.field("configmap/" + recording + "-rules", ".data.rules\\.json")),
                "/etc/traversion/key/masking.key",
                file(directory, "masking.key", secret(rig.kubectl(), recording + "-masking-key", "masking.key")),
                "9090",
                "0");
        DeployedPod pod = start(rig, "statefulset/" + recording + "-recorder", directory, others, List.of());
        pod.running.awaitText("first lists complete");
        return pod;
    }

    /** Returns when it listens. */
    static DeployedPod rewind(OperatorRig rig, String recording, Path directory) throws Exception {
        Kubectl kubectl = rig.kubectl();
        String cluster = ".clusters[0].cluster";
        String server = kubectl.output("config", "view", "--minify", "-o", "jsonpath={" + cluster + ".server}");
        String authority = kubectl.output(
                "config",
                "view",
                "--minify",
                "--flatten",
                "--raw",
                "-o",
                "jsonpath={" + cluster + ".certificate-authority-data}");
        List<String> outside = List.of(
                "--api-server",
                server,
                "--api-ca",
                file(directory, "ca.crt", new String(Base64.getDecoder().decode(authority), StandardCharsets.UTF_8)),
                "--api-token",
                file(directory, "token", token(kubectl, recording + "-rewind")));
        DeployedPod pod =
                start(rig, "deployment/" + recording + "-rewind", directory, Map.of("8443", "0", "9090", "0"), outside);
        pod.running.awaitText("on port ");
        return pod;
    }

    private static DeployedPod start(
            OperatorRig rig, String workload, Path directory, Map<String, String> others, List<String> more)
            throws Exception {
        JsonNode pod = JSON.readTree(rig.kubectl().output("get", workload, "-o", "json"))
                .at("/spec/template/spec");
        JsonNode container = pod.at("/containers/0");
        Path kubeconfig = kubeconfig(rig, pod.path("serviceAccountName").asText(), directory);
        Plugin plugin = new Plugin(directory, rig.kubectl().program(), kubeconfig);
        for (JsonNode variable : container.path("env")) {
            plugin.with(variable.path("name").asText(), value(rig.kubectl(), variable));
        }
        plugin.with("HOME", directory.toString())
                .with("XDG_STATE_HOME", directory.resolve("state").toString())
                .with("XDG_CACHE_HOME", directory.resolve("cache").toString());
        List<String> arguments = new ArrayList<>();
        container.path("args").forEach(each -> arguments.add(others.getOrDefault(each.asText(), each.asText())));
        arguments.addAll(more);
        return new DeployedPod(plugin.start(arguments.toArray(String[]::new)));
    }

    private static String token(Kubectl kubectl, String account) {
        return kubectl.output("create", "token", account).strip();
    }

    private static Path kubeconfig(OperatorRig rig, String account, Path directory) throws Exception {
        Path file = directory.resolve("kubeconfig");
        Files.copy(rig.plane().kubeconfig(), file);
        Kubectl own = new Kubectl(rig.kubectl().program(), file);
        own.output("config", "set-credentials", account, "--token=" + token(rig.kubectl(), account));
        own.output("config", "set-context", "--current", "--user=" + account);
        return file;
    }

    private static String value(Kubectl kubectl, JsonNode variable) {
        JsonNode reference = variable.at("/valueFrom/secretKeyRef");
        return reference.isMissingNode()
                ? variable.path("value").asText()
                : secret(
                        kubectl,
                        reference.path("name").asText(),
                        reference.path("key").asText());
    }

    private static String secret(Kubectl kubectl, String name, String key) {
        String data = kubectl.output("get", "secret/" + name, "-o", "jsonpath={.data." + key.replace(".", "\\.") + "}");
        return new String(Base64.getDecoder().decode(data), StandardCharsets.UTF_8);
    }

    private static String file(Path directory, String name, String content) throws Exception {
        Path file = Files.createFile(
                directory.resolve(name),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----")));
        return Files.writeString(file, content).toString();
    }

    /** Where it says that it listens. */
    int port() throws Exception {
        String said = Files.readString(running.err()) + Files.readString(running.out());
        Matcher port = PORT.matcher(said);
        if (!port.find()) {
            throw new AssertionError("no port in: " + said);
        }
        return Integer.parseInt(port.group(1));
    }

    /** Ends it as a kubelet does, and waits. */
    Plugin.Result end() throws Exception {
        running.signal("TERM");
        return running.await();
    }

    @Override
    public void close() {
        running.close();
    }
}
