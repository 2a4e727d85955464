/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.guard;

import dev.traversion.archive.History;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.Operation;
import dev.traversion.archive.ResourceType;
import dev.traversion.rewind.access.Past;
import dev.traversion.rewind.access.Reach;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Namespaces by uid. Whoever has rights in a namespace today has them in this one, and not in what had the same name before it. Safe
 * for concurrent use.
 */
final class Lifetimes {

    static final ResourceType NAMESPACES = new ResourceType("", "namespaces");
    private static final int REMEMBERED = 10_000;

    private final KubernetesApi api;
    private final ShortMemory<String, Optional<String>> uids;

    Lifetimes(KubernetesApi api, LongSupplier nanoTime) {
        this.api = api;
        this.uids = new ShortMemory<>(REMEMBERED, nanoTime);
    }

    /**
     * What rights in a namespace open today; empty if the past that is asked for is not, or not all, of today's namespace.
     *
     * @throws dev.traversion.rewind.http.StatusFailure 503 if the API server does not say which namespace there is today
     */
    Optional<Reach> reach(Past past, String namespace) {
        Optional<String> today = uids.get(namespace, () -> uid(namespace));
        ObjectKey key = new ObjectKey(NAMESPACES, "", namespace);
        Optional<String> first = uidAt(past.history(), key, past.from());
        // What begins before the namespace was there shows nothing of what was before it.
        boolean isSame = today.isPresent()
                && today.equals(uidAt(past.history(), key, past.to()))
                && (first.isEmpty() || first.equals(today));
        return isSame ? Optional.of(since(past.history(), key, today.get())) : Optional.empty();
    }

    private Optional<String> uid(String namespace) {
        return api.get("/api/v1/namespaces/" + URLEncoder.encode(namespace, StandardCharsets.UTF_8))
                .map(object -> object.path("metadata").path("uid").asText());
    }

    private static Optional<String> uidAt(History history, ObjectKey key, long time) {
        return history.get(key, time).map(version -> version.uid());
    }

    /** Everything, if there was no other namespace of this name before; else what came with this one and after. */
    private static Reach since(History history, ObjectKey key, String uid) {
        String[] first = {""};
        long[] begin = {Long.MIN_VALUE};
        boolean[] others = {false};
        try {
            history.versions(key, Long.MIN_VALUE, Long.MAX_VALUE, version -> {
                boolean isOwn = version.uid().equals(uid);
                others[0] |= !isOwn;
                if (isOwn && first[0].isEmpty() && version.operation() != Operation.DELETED) {
                    first[0] = version.resourceVersion();
                    begin[0] = version.observedAt();
                }
                return !isOwn || first[0].isEmpty();
            });
        } catch (IOException e) {
            throw new UncheckedIOException("the versions of namespace " + key.name() + " cannot be read", e);
        }
        return others[0] ? whole -> new LifetimeHistory(whole, key.name(), first[0], begin[0]) : Reach.EVERYTHING;
    }
}
