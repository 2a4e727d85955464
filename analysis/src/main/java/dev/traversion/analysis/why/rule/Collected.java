/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.World;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ResourceType;
import java.util.Optional;

/** Objects that went because their owner did. */
public final class Collected {

    /** So long the garbage collector may take, ns. */
    private static final long PATIENCE = 60_000_000_000L;

    private Collected() {}

    /** The deletion of its owner, if that is why an object was deleted; empty if it has none, or one is still there. */
    public static Optional<Change> with(World world, Change change) {
        if (change.operation() != Change.Operation.DELETED) {
            return Optional.empty();
        }
        Optional<Change> latest = Optional.empty();
        for (JsonNode reference : change.after().get("metadata", "ownerReferences")) {
            ResourceType type = Types.of(
                    reference.path("apiVersion").asText(),
                    reference.path("kind").asText());
            String name = reference.path("name").asText();
            String uid = reference.path("uid").asText();
            Optional<Change> gone = Optional.empty();
            for (String namespace : new String[] {change.key().namespace(), ""}) {
                for (Change of : world.changes(new ObjectKey(type, namespace, name))) {
                    boolean isIt = of.operation() == Change.Operation.DELETED
                            && of.after().uid().equals(uid)
                            && of.at() <= change.at() + Rule.SLACK
                            && change.at() - of.at() < PATIENCE;
                    gone = isIt ? Optional.of(of) : gone;
                }
            }
            if (gone.isEmpty()) {
                return Optional.empty();
            }
            latest = latest.isEmpty() || gone.get().at() > latest.get().at() ? gone : latest;
        }
        return latest;
    }
}
