/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.record;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.traversion.archive.TraversionException;
import dev.traversion.kubectl.kubeconfig.Kubeconfigs;
import dev.traversion.snapshotter.api.ApiServer;
import dev.traversion.snapshotter.api.RefusedException;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How the cluster to record is reached, checked before anything is written.
 *
 * @param name of the context; {@code ""} inside a cluster
 * @param id uid of the namespace kube-system, which identifies the cluster
 */
public record ClusterAccess(KubernetesClient client, String name, String id) implements AutoCloseable {

    private static final Path SERVICE_ACCOUNT = Path.of("/var/run/secrets/kubernetes.io/serviceaccount/token");
    private static final int CONNECT_MILLIS = 10_000;
    private static final String IDENTITY = "/api/v1/namespaces/kube-system";

    /**
     * Reaches the cluster of a context.
     *
     * @param context {@code ""} for the current one
     * @throws TraversionException if there is no such context, or its server cannot be reached or refuses
     */
    public static ClusterAccess of(Kubeconfigs files, String context, Map<String, String> environment)
            throws InterruptedException {
        Config config;
        String name = "";
        if (!files.exist() && Files.isReadable(SERVICE_ACCOUNT) && context.isEmpty()) {
            config = Config.autoConfigure(null);
        } else {
            name = chooseContext(files, context);
            System.setProperty("kubeconfig", String.join(java.io.File.pathSeparator, existing(files)));
            config = Config.autoConfigure(name);
        }
        config.setConnectionTimeout(CONNECT_MILLIS);
        config.setRequestRetryBackoffLimit(0);
        KubernetesClient client =
                new KubernetesClientBuilder().withConfig(config).build();
        try {
            return new ClusterAccess(client, name, identify(client));
        } catch (RuntimeException e) {
            client.close();
            throw e;
        }
    }

    private static String[] existing(Kubeconfigs files) {
        return files.files().stream().filter(Files::exists).map(Path::toString).toArray(String[]::new);
    }

    private static String chooseContext(Kubeconfigs files, String context) {
        if (!files.exist()) {
            throw new TraversionException("There is no kubeconfig: looked for "
                    + String.join(
                            ", ", files.files().stream().map(Path::toString).toList())
                    + ". Name one with --kubeconfig FILE or KUBECONFIG.");
        }
        Set<String> contexts = files.contexts();
        contexts.removeAll(files.moments());
        String choice = contexts.isEmpty() ? "It has none." : "It has: " + String.join(", ", contexts);
        Optional<String> current = files.currentContext();
        String name = context.isEmpty() ? current.orElse("") : context;
        if (name.isEmpty()) {
            throw new TraversionException(
                    "The kubeconfig has no current context. Choose one with --context. " + choice);
        }
        if (files.moments().contains(name)) {
            throw new TraversionException(
                    "The context " + name + " is a moment of the past. Go back first (kubectl traversion rewind"
                            + " --live), or choose with --context. " + choice);
        }
        if (!contexts.contains(name)) {
            throw new TraversionException("The kubeconfig has no context " + name + ". " + choice);
        }
        return name;
    }

    private static String identify(KubernetesClient client) throws InterruptedException {
        String server = client.getConfiguration().getMasterUrl();
        try {
            byte[] body = new ApiServer(client)
                    .get(IDENTITY, "application/json")
                    .orFail()
                    .body();
            String uid = new ObjectMapper()
                    .readTree(body)
                    .path("metadata")
                    .path("uid")
                    .asText();
            if (uid.isEmpty()) {
                throw new TraversionException(
                        server + " does not answer as a Kubernetes API server. Check the context's server.");
            }
            return uid;
        } catch (RefusedException e) {
            throw new TraversionException(
                    switch (e.status()) {
                        case 401 ->
                            server + " does not accept the credentials of this context (" + e.getMessage()
                                    + "). Renew them, or choose another context with --context.";
                        case 403 ->
                            "Not allowed to read the namespace kube-system, whose uid identifies the cluster. Ask for get, list and"
                                    + " watch on what is to be recorded, and get on that namespace.";
                        default ->
                            server + " refuses: " + e.getMessage() + ". Check that it is a Kubernetes API server.";
                    },
                    e);
        } catch (IOException e) {
            throw new TraversionException(
                    "Cannot reach the API server " + server + ": " + rootMessage(e)
                            + ". Check that the cluster is up, or choose another context with --context.",
                    e);
        }
    }

    private static String rootMessage(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String message = cause.getMessage() == null ? failure.getMessage() : cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message;
    }

    @Override
    public void close() {
        client.close();
    }
}
