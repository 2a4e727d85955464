/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.operator.recording;

import dev.traversion.crds.Recording;
import dev.traversion.operator.settings.Durations;
import dev.traversion.operator.settings.Settings;
import dev.traversion.operator.status.EventRecorder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The keys of the tokens. A key is made once and stays when the recording is deleted: with another one, equal values before and after
 * have different tokens. So a new one comes only when somebody asks for it, and above those before it, which tell that it is the same
 * recording.
 */
final class MaskingKeys {

    /** Of a Recording: another value asks for a new key. Of the Secret: the value that asked for the newest. */
    static final String ROTATE = "traversion.dev/rotate";

    /** Of the Secret: when its newest key was made, RFC 3339. */
    static final String ROTATED = "traversion.dev/rotated";

    static final String FIELD = "masking.key";

    private static final int BYTES = 32;

    private final KubernetesClient client;
    private final Settings settings;
    private final EventRecorder events;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    MaskingKeys(KubernetesClient client, Settings settings, EventRecorder events, Clock clock) {
        this.client = client;
        this.settings = settings;
        this.events = events;
        this.clock = clock;
    }

    /** Makes a recording's key, or a new one where that is due, unless the recording names another Secret. */
    void ensure(Recording recording, Names names) {
        if (recording.getSpec().masking().keySecret() != null) {
            return;
        }
        Secret known = client.secrets()
                .inNamespace(settings.namespace())
                .withName(names.ownKey())
                .get();
        if (known == null) {
            create(recording, names);
        } else if (isDue(recording, known)) {
            rotate(recording, known);
        }
    }

    private void create(Recording recording, Names names) {
        Secret secret = new SecretBuilder()
                .withMetadata(names.kept(names.ownKey(), Names.RECORDER)
                        .edit()
                        .withAnnotations(annotations(recording))
                        .build())
                .withStringData(Map.of(FIELD, newKey()))
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

    private boolean isDue(Recording recording, Secret secret) {
        String asked = asked(recording);
        Map<String, String> annotations =
                Objects.requireNonNullElse(secret.getMetadata().getAnnotations(), Map.of());
        if (!asked.isEmpty() && !asked.equals(annotations.get(ROTATE))) {
            return true;
        }
        String every = recording.getSpec().masking().rotateEvery();
        String since = annotations.getOrDefault(ROTATED, secret.getMetadata().getCreationTimestamp());
        return every != null
                && Instant.parse(since).plus(Durations.parse(every)).isBefore(clock.instant());
    }

    /** Fails if somebody else changed it meanwhile: the next look sees what they did. */
    private void rotate(Recording recording, Secret secret) {
        String keys = new String(Base64.getDecoder().decode(secret.getData().get(FIELD)), StandardCharsets.US_ASCII);
        Secret rotated = secret.edit()
                .editMetadata()
                .addToAnnotations(annotations(recording))
                .endMetadata()
                .addToData(
                        FIELD,
                        Base64.getEncoder()
                                .encodeToString((newKey() + "\n" + keys).getBytes(StandardCharsets.US_ASCII)))
                .build();
        client.resource(rotated).update();
        events.normal(
                recording,
                "MaskingKeyRotated",
                "Tokens are of a new key from now on; the recorders start anew, one at a time. Back up Secret "
                        + secret.getMetadata().getName() + " in " + settings.namespace() + ".");
    }

    private Map<String, String> annotations(Recording recording) {
        Map<String, String> annotations = new HashMap<>();
        annotations.put(ROTATED, clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
        if (!asked(recording).isEmpty()) {
            annotations.put(ROTATE, asked(recording));
        }
        return annotations;
    }

    private static String asked(Recording recording) {
        Map<String, String> annotations = recording.getMetadata().getAnnotations();
        return annotations == null ? "" : annotations.getOrDefault(ROTATE, "");
    }

    private String newKey() {
        byte[] key = new byte[BYTES];
        random.nextBytes(key);
        return HexFormat.of().formatHex(key);
    }

    /** Why the operator does not do what is asked for, a sentence each. */
    static List<String> faults(Recording recording) {
        return recording.getSpec().masking().keySecret() == null
                        || asked(recording).isEmpty()
                ? List.of()
                : List.of(
                        "masking.keySecret: the operator replaces only a key that it made, so the annotation " + ROTATE
                                + " does nothing. Put a new line above the others in that Secret, and take the annotation away.");
    }
}
