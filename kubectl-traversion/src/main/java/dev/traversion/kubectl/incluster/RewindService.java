/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.incluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * The Service of the server of the past.
 *
 * @param url where it is reached from outside, from the annotation {@code traversion.dev/url}; {@code ""} if only through the cluster
 * @param authority PEM of what vouches for that, from {@code traversion.dev/ca}; {@code ""} if a public authority does
 */
record RewindService(String namespace, String name, String url, String authority) {

    private static final String NAMESPACE = "TRAVERSION_NAMESPACE";
    private static final String DEFAULT_NAMESPACE = "traversion-system";
    private static final String LABELS = "app.kubernetes.io/name=traversion,app.kubernetes.io/component=rewind";

    /** Where it is looked for. */
    static String namespace(Map<String, String> environment) {
        return environment.getOrDefault(NAMESPACE, DEFAULT_NAMESPACE);
    }

    /** Empty if there is none, or the cluster does not tell. */
    static Optional<RewindService> find(LiveKubectl kubectl, Map<String, String> environment) throws IOException {
        String namespace = namespace(environment);
        LiveKubectl.Said said =
                kubectl.run("", "get", "services", "-n", namespace, "-l", LABELS, "-o", "json", "--request-timeout=5s");
        if (said.status() != 0) {
            return Optional.empty();
        }
        JsonNode items = new ObjectMapper().readTree(said.out()).path("items");
        if (items.isEmpty()) {
            return Optional.empty();
        }
        JsonNode metadata = items.get(0).path("metadata");
        return Optional.of(new RewindService(
                namespace,
                metadata.path("name").asText(),
                metadata.path("annotations").path("traversion.dev/url").asText().replaceAll("/+$", ""),
                metadata.path("annotations").path("traversion.dev/ca").asText()));
    }
}
