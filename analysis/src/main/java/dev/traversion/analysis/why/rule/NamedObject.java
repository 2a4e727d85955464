/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ResourceType;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Whatever object a message names by its kind and name. */
final class NamedObject extends PlainRule {

    /** What does not say more than the trouble itself, or has rules of its own. */
    private static final Set<ResourceType> OTHERS = Set.of(
            Types.EVENTS,
            Types.PODS,
            Types.REPLICA_SETS,
            Types.LEASES,
            Types.SLICES,
            Types.ENDPOINTS,
            Types.NODES,
            Types.NAMESPACES,
            Types.CONFIG_MAPS,
            Types.SECRETS,
            Types.SERVICES,
            Types.ACCOUNTS);

    NamedObject() {
        super(
                "named-object",
                "A message names an object, by its kind and name, that was changed, created or deleted before. Proved if the message says"
                        + " that it is not there, with its name beside its kind, and it was deleted.",
                EnumSet.complementOf(EnumSet.of(What.GONE, What.SERVICE_GONE)));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        String text = trouble.text();
        String lower = text.toLowerCase(Locale.ROOT);
        boolean isMissing = lower.contains("not found") || lower.contains("no such") || lower.contains("was found");
        for (ResourceType type : world.recorded()) {
            boolean isOther = OTHERS.contains(type) && !(isMissing && text.contains("/" + type.resource() + "/"));
            if (isOther || !lower.contains(singular(type.resource()))) {
                continue;
            }
            String namespace = trouble.about().key().namespace();
            boolean isInside = !world.keys(type, namespace).isEmpty();
            List<Change> changes = world.changes(type, isInside ? namespace : "");
            for (Change change : changes) {
                boolean isNear = change.key().namespace().isEmpty()
                        || change.key().namespace().equals(namespace);
                boolean isOwn = change.key().equals(trouble.about().key())
                        || change.key()
                                .equals(Templates.maker(world, trouble.about()).key());
                boolean wasThere =
                        change.operation() == Change.Operation.CREATED && Templates.wasMadeWith(world, change, trouble);
                boolean isWish = !wasThere
                        && !change.path().startsWith("metadata")
                        && !change.path().startsWith("status");
                boolean counts = !OTHERS.contains(type) || isAsked(text, change);
                if (isNear
                        && counts
                        && !isOwn
                        && isWish
                        && Rule.precedes(change.at(), trouble)
                        && isWord(text, change.key().name())) {
                    boolean isGone = change.operation() == Change.Operation.DELETED
                            && world.at(change.key(), trouble.from() + SLACK).isEmpty();
                    links.add(Link.to(
                            change,
                            isGone && isMissing && isNamed(text, change.key()) ? Tier.A : Tier.B,
                            isGone == isMissing ? 0.95 : 0.6,
                            "the message names it"));
                }
            }
        }
        return links;
    }

    /** Whether a message has the address by which a program asked the API server for an object that is gone. */
    private static boolean isAsked(String text, Change change) {
        return change.operation() == Change.Operation.DELETED
                && text.contains("/" + change.key().type().resource() + "/"
                        + change.key().name());
    }

    /** Whether a message has a name, and not as a part of a longer one. */
    private static boolean isWord(String text, String name) {
        return Rule.names(text, name)
                && Pattern.compile("(?<![A-Za-z0-9-])" + Pattern.quote(name) + "(?![A-Za-z0-9-])")
                        .matcher(text)
                        .find();
    }

    /** Whether a message has the kind and the name side by side: {@code widgets.example.com "x"}, {@code Widget with name x}. */
    private static boolean isNamed(String text, ObjectKey key) {
        String kind = "(?:" + singular(key.type().resource()) + "|" + key.type().resource() + ")";
        return Pattern.compile(
                        "\\b" + kind
                                + "(?:\\.[a-z0-9.-]+)?[\\\\\"' :/=]{1,4}(?:with name |named )?[\\\\\"']{0,2}(?:[a-z0-9-]+/)?"
                                + Pattern.quote(key.name()) + "(?![A-Za-z0-9-]|\\.\\w)",
                        Pattern.CASE_INSENSITIVE)
                .matcher(text)
                .find();
    }

    private static String singular(String resource) {
        if (resource.endsWith("ies")) {
            return resource.substring(0, resource.length() - 3) + "y";
        }
        boolean hasE = resource.endsWith("sses") || resource.endsWith("xes");
        return resource.substring(0, resource.length() - (hasE ? 2 : resource.endsWith("s") ? 1 : 0));
    }
}
