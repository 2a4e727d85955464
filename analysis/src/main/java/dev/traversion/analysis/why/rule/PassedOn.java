/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ResourceType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What an operator made of a change of the custom resource that it looks after. */
final class PassedOn {

    /** So long an operator may take, ns. */
    private static final long PATIENCE = 60_000_000_000L;

    /** A field in a schema. */
    private static final Pattern PROPERTY = Pattern.compile("\\.properties\\.(\\w+)$");

    private PassedOn() {}

    /** The change of the custom resource that owns an object, just before, by somebody else, to the same value; empty if none was. */
    static Optional<Behind> behind(World world, Change change) {
        Optional<Version> owner = world.controller(change.after());
        boolean isCustom = owner.isPresent() && owner.get().key().type().group().contains(".");
        if (!isCustom || change.path().startsWith("metadata")) {
            return Optional.empty();
        }
        for (Change wish : world.changes(owner.get().key()).reversed()) {
            boolean isSoon = wish.at() <= change.at() + Rule.SLACK && change.at() - wish.at() < PATIENCE;
            boolean isWish = wish.operation() == Change.Operation.CHANGED
                    && !wish.path().startsWith("metadata")
                    && !wish.path().startsWith("status");
            if (isSoon
                    && isWish
                    && isByAnother(wish, change)
                    && (carries(wish, change) || isNamed(wish, change) || isToldOf(world, wish, change))) {
                String text = change.path().isEmpty()
                        ? "it owns the object, which it had named until just before"
                        : carries(wish, change)
                                ? "it owns the object, which was changed to the same value just after"
                                : "it owns the object, which was changed with words of it just after";
                return Optional.of(new Behind("passed-on", Tier.B, wish, text, List.of()));
            }
        }
        return byDefault(world, owner.get(), change);
    }

    /** The default of a field that the definition of a custom resource got just before: what does not say otherwise has it since. */
    private static Optional<Behind> byDefault(World world, Version owner, Change change) {
        ResourceType type = owner.key().type();
        ObjectKey definition = new ObjectKey(Types.DEFINITIONS, "", type.resource() + "." + type.group());
        for (Change wish : world.changes(definition).reversed()) {
            boolean isSoon = wish.at() <= change.at() + Rule.SLACK && change.at() - wish.at() < PATIENCE;
            boolean isChanged = isSoon && wish.operation() == Change.Operation.CHANGED && isByAnother(wish, change);
            if (isChanged && isDropped(world, wish, owner, change)) {
                return Optional.of(new Behind(
                        "passed-on",
                        Tier.B,
                        wish,
                        "what owns the object has the field no more, whose value the object had until just after",
                        List.of()));
            }
            if (isChanged && wish.path().endsWith(".default") && carries(wish, change)) {
                return Optional.of(new Behind(
                        "passed-on",
                        Tier.B,
                        wish,
                        "it is the default of what owns the object, which was changed to the same value just after",
                        List.of()));
            }
        }
        return Optional.empty();
    }

    /**
     * Whether a wish is behind data that nobody can read, such as a certificate: what else was written with it, such as an annotation, has
     * a word that the wish brought.
     */
    private static boolean isToldOf(World world, Change wish, Change change) {
        boolean isSecret =
                change.key().type().equals(Types.SECRETS) && change.path().startsWith("data");
        return isSecret
                && world.changes(change.key()).stream()
                        .filter(each ->
                                each.at() == change.at() && !each.path().startsWith("data") && each.now() != null)
                        .anyMatch(each -> Fitting.brings(text(each.now()), wish));
    }

    /** Whether a schema has a field no more, whose value went from the object: what it does not know nobody reads. */
    private static boolean isDropped(World world, Change wish, Version owner, Change change) {
        Matcher dropped = PROPERTY.matcher(wish.path());
        if (wish.now() != null || !dropped.find()) {
            return false;
        }
        return world.versions(owner.key()).stream()
                .flatMap(version -> version.get("spec").findValues(dropped.group(1)).stream())
                .map(PassedOn::text)
                .anyMatch(value -> holds(text(change.old()), value) && !holds(text(change.now()), value));
    }

    /** Who deleted something is not on record. */
    private static boolean isByAnother(Change wish, Change change) {
        boolean isDeleted = change.operation() == Change.Operation.DELETED;
        return wish.actor() != null
                && (isDeleted
                        || (change.actor() != null
                                && !wish.actor().manager().equals(change.actor().manager())));
    }

    /**
     * Whether the name of an object that is gone, or of a member of the data that went, stood in the wish and does not since, or one of a
     * member that came with it stands there since.
     */
    private static boolean isNamed(Change wish, Change change) {
        if (change.operation() == Change.Operation.DELETED) {
            return isWord(wish.old(), change.key().name())
                    && !isWord(wish.now(), change.key().name());
        }
        boolean isMember = change.path().startsWith("data") && (change.old() == null || change.now() == null);
        if (!isMember || change.before() == null) {
            return false;
        }
        JsonNode before = change.before().get("data");
        JsonNode after = change.after().get("data");
        return isLost(before, after, wish.old(), wish.now()) || isLost(after, before, wish.now(), wish.old());
    }

    /** Whether one of two values has a member that the other has not, and one of two wishes its name likewise. */
    private static boolean isLost(JsonNode one, JsonNode other, JsonNode wish, JsonNode otherWish) {
        return one.propertyStream()
                .map(Map.Entry::getKey)
                .anyMatch(name -> !other.has(name) && isWord(wish, name) && !isWord(otherWish, name));
    }

    private static boolean isWord(JsonNode value, String name) {
        return Pattern.compile("(?<![A-Za-z0-9._-])" + Pattern.quote(name) + "(?![A-Za-z0-9._-])")
                .matcher(text(value))
                .find();
    }

    /** Whether one value took the other's place in both, or, where there was none in one of them, is new or gone in both. */
    private static boolean carries(Change wish, Change change) {
        String was = text(wish.old());
        String is = text(wish.now());
        String old = text(change.old());
        String now = text(change.now());
        boolean isElement = change.path().endsWith("]") && old.isEmpty() != now.isEmpty();
        if (!was.isEmpty() && !is.isEmpty() && isElement) {
            // What is known by its value goes with the old one, and comes with the new one.
            return old.isEmpty() ? holds(now, is) : holds(old, was);
        }
        if (!was.isEmpty() && !is.isEmpty()) {
            Pattern whole = Pattern.compile("(?<![A-Za-z0-9])" + Pattern.quote(was) + "(?![A-Za-z0-9])");
            return !old.equals(now)
                    && whole.matcher(old)
                            .replaceAll(Matcher.quoteReplacement(is))
                            .equals(now);
        }
        boolean isNew = was.isEmpty() && holds(now, is) && !holds(old, is);
        boolean isGone = is.isEmpty() && holds(old, was) && !holds(now, was);
        return isNew || isGone;
    }

    private static boolean holds(String text, String value) {
        return text.equals(value) || Rule.names(text, value);
    }

    private static String text(JsonNode value) {
        return value == null ? "" : value.isTextual() ? value.asText() : value.toString();
    }
}
