/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.operator.store;

import dev.traversion.archive.TraversionException;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.Stores;
import dev.traversion.crds.S3Spec;
import dev.traversion.crds.StoreSpec;
import dev.traversion.operator.settings.Settings;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Opens the buckets of recordings with the credentials that these name. Safe for concurrent use. */
public final class StoreAccess {

    /** What a Secret with credentials holds. */
    public static final List<String> CREDENTIALS = List.of("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY");

    /** What a Secret with authorities holds. */
    public static final String AUTHORITIES = "ca.crt";

    /** Where a volume is mounted. */
    public static final String VOLUME = "/recording";

    private final KubernetesClient client;
    private final Settings settings;

    public StoreAccess(KubernetesClient client, Settings settings) {
        this.client = client;
        this.settings = settings;
    }

    /** The Secret that a store names is not there, or lacks a key; the message says how to make it. */
    public static final class NoCredentialsException extends TraversionException {
        private static final long serialVersionUID = 1;

        NoCredentialsException(String message) {
            super(message);
        }
    }

    /** A place as the recorder and the plugin name it. */
    public static String location(StoreSpec store) {
        if (store.s3() == null) {
            return VOLUME;
        }
        String prefix = store.s3().prefix();
        return "s3://" + store.s3().bucket() + (prefix == null || prefix.isEmpty() ? "" : "/" + prefix);
    }

    /** The variables, without credentials, that say where a bucket is. */
    public static Map<String, String> variables(S3Spec s3) {
        Map<String, String> variables = new HashMap<>();
        if (s3.endpoint() != null) {
            variables.put("AWS_ENDPOINT_URL", s3.endpoint());
        }
        if (s3.region() != null) {
            variables.put("AWS_REGION", s3.region());
        }
        return variables;
    }

    /** The id of this cluster in recordings: the uid of its namespace kube-system. */
    public String clusterId() {
        return client.namespaces().withName("kube-system").get().getMetadata().getUid();
    }

    /**
     * Opens a bucket.
     *
     * @param store whose s3 is set
     * @throws NoCredentialsException if the Secret is not there or lacks a key
     */
    public Store open(StoreSpec store) {
        Map<String, String> environment = new HashMap<>(System.getenv());
        CREDENTIALS.forEach(environment::remove);
        environment.putAll(variables(store.s3()));
        environment.putAll(credentials(store.s3().credentialsSecret()));
        if (store.s3().caSecret() != null) {
            environment.put("AWS_CA_BUNDLE", authorities(store.s3().caSecret()).toString());
        }
        return Stores.open(location(store), environment);
    }

    /** A file of the operator's own with the authorities that a Secret holds. */
    private Path authorities(String name) {
        Map<String, String> data = data(name);
        if (!data.containsKey(AUTHORITIES)) {
            throw new NoCredentialsException(
                    "There is no Secret " + name + " with " + AUTHORITIES + ". Make it: kubectl -n "
                            + settings.namespace() + " create secret generic " + name + " --from-file=" + AUTHORITIES);
        }
        byte[] pem = Base64.getDecoder().decode(data.get(AUTHORITIES));
        // Named by its content: it is written once, and never changes under a reader.
        Path file = settings.state().resolve("ca-" + UUID.nameUUIDFromBytes(pem) + ".pem");
        try {
            if (!Files.exists(file)) {
                Path unfinished = Files.write(Files.createTempFile(settings.state(), "ca", ".pem"), pem);
                Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (IOException e) {
            throw new TraversionException("Cannot write " + file + ": " + e.getMessage(), e);
        }
        return file;
    }

    private Map<String, String> data(String name) {
        Secret secret = client.secrets()
                .inNamespace(settings.namespace())
                .withName(name)
                .get();
        return secret == null || secret.getData() == null ? Map.of() : secret.getData();
    }

    private Map<String, String> credentials(String name) {
        Map<String, String> credentials = new HashMap<>();
        if (name == null) {
            return credentials;
        }
        Map<String, String> data = data(name);
        for (String key : CREDENTIALS) {
            if (!data.containsKey(key)) {
                throw new NoCredentialsException("There is no Secret " + name + " with " + key
                        + ". Make it: kubectl -n " + settings.namespace() + " create secret generic " + name
                        + " --from-literal=AWS_ACCESS_KEY_ID=... --from-literal=AWS_SECRET_ACCESS_KEY=...");
            }
            credentials.put(key, new String(Base64.getDecoder().decode(data.get(key)), StandardCharsets.UTF_8).strip());
        }
        return credentials;
    }
}
