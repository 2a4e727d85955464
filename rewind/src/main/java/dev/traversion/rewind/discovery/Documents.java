/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.discovery;

import dev.traversion.archive.History;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.Operation;
import dev.traversion.archive.ResourceType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The documents an API server publishes about itself - discovery, OpenAPI, its version - recorded as objects named by their path:
 * {@code apis/apps/v1}, {@code openapi/v3/api/v1}, {@code version}.
 */
public final class Documents {

    public static final ResourceType TYPE = new ResourceType("traversion.dev", "documents");

    private Documents() {}

    /**
     * A document as it was published at {@code time}. They are recorded in the first moments of a recording, so for a time before that
     * the earliest one is as good as known.
     */
    public static Optional<ObjectVersion> at(History history, String name, long time) throws IOException {
        ObjectKey key = new ObjectKey(TYPE, "", name);
        Optional<ObjectVersion> document = history.get(key, time);
        if (document.isPresent()) {
            return document;
        }
        List<Long> known = new ArrayList<>();
        history.versions(key, Long.MIN_VALUE, Long.MAX_VALUE, version -> {
            if (version.operation() != Operation.DELETED) {
                known.add(version.observedAt());
            }
            return known.isEmpty();
        });
        return known.isEmpty() || known.getFirst() <= time ? Optional.empty() : history.get(key, known.getFirst());
    }
}
