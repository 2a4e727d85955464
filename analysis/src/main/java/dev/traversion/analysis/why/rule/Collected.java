/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.World;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ResourceType;
import java.util.List;
import java.util.Optional;

/** Objects that went because their owner did, or because they were given one that there is not. */
final class Collected {

    /** So long the garbage collector may take, ns. */
    private static final long PATIENCE = 60_000_000_000L;

    private Collected() {}

    /** The deletion of its owner, or the naming of it; empty if it has none, or one is still there. */
    static Optional<Behind> behind(World world, Change change) {
        Optional<Behind> latest = Optional.empty();
        for (JsonNode reference : change.after().get("metadata", "ownerReferences")) {
            Optional<Behind> gone = gone(world, change, reference).or(() -> named(world, change, reference));
            if (gone.isEmpty()) {
                return Optional.empty();
            }
            boolean isLater = latest.isEmpty()
                    || gone.get().change().at() > latest.get().change().at();
            latest = isLater ? gone : latest;
        }
        return latest;
    }

    private static Optional<Behind> gone(World world, Change change, JsonNode reference) {
        String uid = reference.path("uid").asText();
        Optional<Behind> gone = Optional.empty();
        for (ObjectKey owner : owners(change, reference)) {
            for (Change of : world.changes(owner)) {
                boolean isIt = of.operation() == Change.Operation.DELETED
                        && of.after().uid().equals(uid)
                        && Leaving.begun(world, of) <= Leaving.begun(world, change) + Rule.SLACK
                        && change.at() - of.at() < PATIENCE;
                gone = isIt ? Optional.of(behind(of, "what it owns was collected with it")) : gone;
            }
        }
        return gone;
    }

    /** A change with which an object got an owner of which nothing was ever there. */
    private static Optional<Behind> named(World world, Change change, JsonNode reference) {
        String uid = reference.path("uid").asText();
        for (ObjectKey owner : owners(change, reference)) {
            boolean wasThere = world.versions(owner).stream()
                    .anyMatch(version -> version.uid().equals(uid));
            if (wasThere || !world.knows(owner.type(), owner.namespace())) {
                return Optional.empty();
            }
        }
        for (Change of : world.changes(change.key())) {
            boolean isNamed = of.operation() == Change.Operation.CHANGED
                    && of.path().startsWith("metadata.ownerReferences")
                    && String.valueOf(of.now()).contains('"' + uid + '"');
            if (isNamed && of.at() <= change.at() && change.at() - of.at() < PATIENCE) {
                return Optional.of(behind(of, "it names an owner that there is not, and was collected"));
            }
        }
        return Optional.empty();
    }

    private static List<ObjectKey> owners(Change change, JsonNode reference) {
        ResourceType type = Types.of(
                reference.path("apiVersion").asText(), reference.path("kind").asText());
        String name = reference.path("name").asText();
        return List.of(new ObjectKey(type, change.key().namespace(), name), new ObjectKey(type, "", name));
    }

    private static Behind behind(Change change, String text) {
        return new Behind("collected", Tier.A, change, text, List.of());
    }
}
