/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.operator.recording;

import dev.traversion.crds.Recording;
import dev.traversion.operator.settings.Settings;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;

/**
 * The keys of the tokens. A key is made once, is never changed, and stays when the recording is deleted: with another one, equal values
 * before and after would have different tokens.
 */
final class MaskingKeys {

    private static final int BYTES = 32;

    private final KubernetesClient client;
    private final Settings settings;
    private final SecureRandom random = new SecureRandom();

    MaskingKeys(KubernetesClient client, Settings settings) {
        this.client = client;
        this.settings = settings;
    }

    /** Makes a recording's key, unless there is one or the recording names another Secret. */
    void ensure(Recording recording, Names names) {
        if (recording.getSpec().masking().keySecret() != null) {
            return;
        }
        Secret known = client.secrets()
                .inNamespace(settings.namespace())
                .withName(names.ownKey())
                .get();
        if (known != null) {
            return;
        }
        byte[] key = new byte[BYTES];
        random.nextBytes(key);
        Secret secret = new SecretBuilder()
                .withMetadata(names.kept(names.ownKey(), Names.RECORDER))
                .withImmutable(true)
                .withStringData(Map.of("masking.key", HexFormat.of().formatHex(key)))
                .build();
        try {
            client.resource(secret).create();
        } catch (KubernetesClientException e) {
            // Another operator was first, which is leaving or has just come.
            if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                throw e;
            }
        }
    }
}
