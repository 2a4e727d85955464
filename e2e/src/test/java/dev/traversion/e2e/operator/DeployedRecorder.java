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

/**
 * The recorder that the operator asks for, as a process: with the arguments, variables, mounted files and ServiceAccount of the StatefulSet's
 * Pod. Only the paths of what is mounted are others.
 */
final class DeployedRecorder implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Plugin.Running running;

    /** Returns when everything is listed. */
    DeployedRecorder(OperatorRig rig, String recording, Path directory) throws Exception {
        Kubectl kubectl = rig.kubectl();
        JsonNode pod = JSON.readTree(kubectl.output("get", "statefulset/" + recording + "-recorder", "-o", "json"))
                .at("/spec/template/spec");
        JsonNode container = pod.at("/containers/0");
        Plugin plugin = new Plugin(
                directory,
                kubectl.program(),
                kubeconfig(rig, pod.path("serviceAccountName").asText(), directory));
        for (JsonNode variable : container.path("env")) {
            plugin.with(variable.path("name").asText(), value(kubectl, variable));
        }
        plugin.with("HOME", directory.toString())
                .with("XDG_STATE_HOME", directory.resolve("state").toString())
                .with("XDG_CACHE_HOME", directory.resolve("cache").toString());
        Map<String, String> mounted = Map.of(
                "/etc/traversion/rules/rules.json",
                file(directory, "rules.json", rig.field("configmap/" + recording + "-rules", ".data.rules\\.json")),
                "/etc/traversion/key/masking.key",
                file(directory, "masking.key", secret(kubectl, recording + "-masking-key", "masking.key")),
                "9090",
                "0");
        List<String> arguments = new ArrayList<>();
        container.path("args").forEach(each -> arguments.add(mounted.getOrDefault(each.asText(), each.asText())));
        running = plugin.start(arguments.toArray(String[]::new));
        running.awaitText("first lists complete");
    }

    private static Path kubeconfig(OperatorRig rig, String account, Path directory) throws Exception {
        String token = rig.kubectl().output("create", "token", account).strip();
        Path file = directory.resolve("kubeconfig");
        Files.copy(rig.plane().kubeconfig(), file);
        Kubectl own = new Kubectl(rig.kubectl().program(), file);
        own.output("config", "set-credentials", account, "--token=" + token);
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

    /** Ends it as a kubelet does; it seals what it has. */
    void end() throws Exception {
        running.signal("TERM");
        running.await().succeeds();
    }

    @Override
    public void close() {
        running.close();
    }
}
