/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.past;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.diff.FieldChange;
import dev.traversion.analysis.diff.FieldDiff;
import java.util.ArrayList;
import java.util.List;

/** What changed from one version of an object to the next. */
final class Comparison {

    /** An object seen so soon after its creation was created while somebody watched, ns. */
    private static final long SOON = 10_000_000_000L;

    /** What is made so soon after one of its name went takes that one's place, ns. */
    private static final long ANEW = 300_000_000_000L;

    /** Claims are of whole seconds, and clocks differ, ns. */
    private static final long JUST = 2_000_000_000L;

    private final World world;

    private Comparison(World world) {
        this.world = world;
    }

    /** Fields but those of the status, creation and deletion, oldest first. */
    static List<Change> of(World world, List<Version> versions) {
        Comparison comparison = new Comparison(world);
        return comparison.compare(versions);
    }

    private List<Change> compare(List<Version> versions) {
        List<Change> found = new ArrayList<>();
        Version before = null;
        Version gone = null;
        JsonNode wish = null;
        for (Version version : versions) {
            if (version.deleted()) {
                if (before != null) {
                    found.add(new Change(before, before, Change.Operation.DELETED, "", null, null, version.at(), null));
                }
                gone = before;
                before = null;
                wish = null;
            } else if (before == null) {
                if (version.at() > world.from() && version.at() - version.created() < SOON) {
                    found.add(new Change(
                            null, version, Change.Operation.CREATED, "", null, null, version.at(), creator(version)));
                }
                if (gone != null && gone.hasTemplate() && version.at() - gone.at() < ANEW) {
                    List<Change> others = new ArrayList<>();
                    fields(gone, gone.wish(), version, version.wish(), others);
                    others.removeIf(change -> !change.path().startsWith("spec"));
                    found.addAll(others);
                }
                before = version;
            } else {
                JsonNode earlier = wish == null ? before.wish() : wish;
                wish = version.wish();
                fields(before, earlier, version, wish, found);
                before = version;
            }
        }
        return found;
    }

    private void fields(Version before, JsonNode earlier, Version version, JsonNode wish, List<Change> found) {
        if (FieldDiff.between(earlier, wish).fields().isEmpty()) {
            return;
        }
        JsonNode managed = version.managedWish();
        for (FieldChange field : FieldDiff.between(earlier, managed).fields()) {
            found.add(new Change(
                    before,
                    version,
                    Change.Operation.CHANGED,
                    field.path().toString(),
                    field.before(),
                    field.after(),
                    version.at(),
                    field.owner() == null
                            ? manager(before, version, managed)
                            : Actor.of(field.owner(), Origins.of(world, version))));
        }
    }

    /** Of a field that is gone no entry tells; who changed the object last, and just then, is the best claim there is. */
    private Actor manager(Version before, Version version, JsonNode managed) {
        JsonNode latest = null;
        for (JsonNode entry : managed.path("metadata").path("managedFields")) {
            boolean ofStatus = entry.path("subresource").asText("").equals("status");
            if (!ofStatus
                    && (latest == null
                            || entry.path("time")
                                            .asText("")
                                            .compareTo(latest.path("time").asText(""))
                                    >= 0)) {
                latest = entry;
            }
        }
        boolean isJustThen =
                latest != null && Version.time(latest.path("time").asText(""), version.at()) > before.at() - JUST;
        if (!isJustThen) {
            return null;
        }
        Actor actor = new Actor(
                latest.path("manager").asText(),
                latest.path("operation").asText(),
                latest.path("time").asText(""),
                Origins.of(world, version));
        return actor.isOutside() && isOlder(latest, before) ? null : actor;
    }

    /** Whether an entry says no more than the object said before: whoever only takes away leaves none. */
    private static boolean isOlder(JsonNode latest, Version before) {
        for (JsonNode entry : before.managedWish().path("metadata").path("managedFields")) {
            boolean isSame = List.of("manager", "operation", "subresource", "time").stream()
                    .allMatch(member -> entry.path(member).equals(latest.path(member)));
            if (isSame && !latest.path("time").isMissingNode()) {
                return true;
            }
        }
        return false;
    }

    private Actor creator(Version version) {
        JsonNode first =
                version.managedWish().path("metadata").path("managedFields").path(0);
        return first.isMissingNode()
                ? null
                : new Actor(
                        first.path("manager").asText(),
                        first.path("operation").asText(),
                        first.path("time").asText(""),
                        Origins.of(world, version));
    }
}
