/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import dev.traversion.analysis.Scope;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ResourceType;
import dev.traversion.kubectl.server.OpenRecording;
import java.io.IOException;
import java.time.Instant;
import java.util.Set;

/** TARGETs: a resource, such as {@code deployments}, or an object, such as {@code deploy/checkout}. */
final class Targets {

    private Targets() {}

    /** @param target everything if {@code ""} */
    static Scope scope(OpenRecording opened, String target, String namespace, Instant at) throws IOException {
        if (target.isEmpty()) {
            return new Scope(Set.of(), namespace, "");
        }
        int slash = target.indexOf('/');
        Set<ResourceType> types = opened.types(slash < 0 ? target : target.substring(0, slash), at);
        return new Scope(types, namespace, slash < 0 ? "" : target.substring(slash + 1));
    }

    /** As kubectl writes it, with its namespace; of a type alone its name. */
    static String text(ObjectKey key) {
        return key.type()
                + (key.name().isEmpty() ? "" : "/" + key.name())
                + (key.namespace().isEmpty() ? "" : " -n " + key.namespace());
    }
}
