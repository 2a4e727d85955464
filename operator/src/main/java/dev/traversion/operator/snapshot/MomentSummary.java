/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.operator.snapshot;

import dev.traversion.archive.History;
import dev.traversion.archive.NamespaceSelection;
import dev.traversion.archive.ResourceType;
import dev.traversion.masking.rules.RecordingRules;
import dev.traversion.rewind.cluster.Gaps;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a recording holds of a moment.
 *
 * @param objects how many there were
 * @param bytes of them as JSON
 * @param digest SHA-256 over all of them: key, version and body, by type and key
 * @param gaps what was not observed at that moment, a sentence each; not what is left out by the rules
 */
record MomentSummary(long objects, long bytes, String digest, List<String> gaps) {

    /** Reads all of a moment; memory holds one object at a time. */
    static MomentSummary of(History history, long time) throws IOException {
        MessageDigest digest = sha256();
        long[] totals = {0, 0};
        for (ResourceType type : history.types(time)) {
            history.list(type, "", null, time, version -> {
                byte[] body = version.body();
                String head = version.key() + "\n" + version.resourceVersion() + "\n" + body.length + "\n";
                digest.update(head.getBytes(StandardCharsets.UTF_8));
                digest.update(body);
                totals[0]++;
                totals[1] += body.length;
                return true;
            });
        }
        return new MomentSummary(totals[0], totals[1], HexFormat.of().formatHex(digest.digest()), gaps(history, time));
    }

    /** What was not observed at a moment. */
    static List<String> gaps(History history, long time) {
        Set<ResourceType> types = new TreeSet<>(history.types(time));
        history.coverage(null, time, time).forEach(interval -> types.add(interval.type()));
        List<String> gaps = new ArrayList<>();
        for (ResourceType type : types) {
            Optional<String> gap = Gaps.warning(history, type, "", time);
            gap.filter(sentence -> !sentence.contains(RecordingRules.LEFT_OUT)
                            && NamespaceSelection.of(sentence).isEmpty())
                    .ifPresent(sentence -> gaps.add(sentence.replaceFirst("^traversion: ", "")));
        }
        return List.copyOf(gaps);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
