/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.node;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.regex.Pattern;

/** Pods that a kubelet has from a file. */
public final class StaticPods {

    /** Not a uid: whoever makes a pod writes its annotations, and must not have the rows of another one. */
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{32}");

    private StaticPods() {}

    /** What its node's rows have in place of a static pod's uid, the hash of its manifest; empty of other pods. */
    public static Optional<String> hash(JsonNode pod) {
        String hash = pod.path("metadata")
                .path("annotations")
                .path("kubernetes.io/config.hash")
                .asText("");
        return Optional.of(hash).filter(HASH.asMatchPredicate());
    }
}
