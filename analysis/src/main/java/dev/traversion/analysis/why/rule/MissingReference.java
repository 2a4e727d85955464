/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A ConfigMap, a Secret or a key of one that a pod needs, and that is not there. */
final class MissingReference extends PlainRule {

    MissingReference() {
        super(
                "missing-reference",
                "A pod needs a ConfigMap, a Secret or a key of one that is not there. Proved: it was there before the change, or the"
                        + " pod did not ask for it.",
                Set.of(What.CONFIG_MISSING, What.MOUNT_FAILED, What.CRASHED, What.START_FAILED));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        JsonNode spec = trouble.about().get("spec");
        String namespace = trouble.about().key().namespace();
        for (Pods.Reference reference : Pods.references(spec)) {
            boolean isRequired = trouble.what() == What.CONFIG_MISSING || trouble.what() == What.MOUNT_FAILED;
            ObjectKey key = key(namespace, reference);
            if (reference.optional() == isRequired
                    || !world.knows(key.type(), namespace)
                    || has(world, key, reference.key(), trouble.from() + SLACK)) {
                continue;
            }
            Optional<Change> gone = gone(world, key, reference.key(), trouble);
            boolean isThere = has(world, key, "", trouble.from() + SLACK);
            String what = reference.kind() + " " + key.path() + (isThere ? " has no key " + reference.key() : "");
            if (gone.isPresent()) {
                links.add(Link.to(
                        gone.get(), isRequired ? Tier.A : Tier.B, isRequired ? 1 : 0.7, "the pod needs it: " + what));
            } else if (isRequired) {
                asked(world, trouble, reference, what, links);
            }
        }
        return links;
    }

    static ObjectKey key(String namespace, Pods.Reference reference) {
        return new ObjectKey(
                reference.kind().equals("Secret") ? Types.SECRETS : Types.CONFIG_MAPS, namespace, reference.name());
    }

    private static boolean has(World world, ObjectKey key, String member, long time) {
        return world.at(key, time).filter(version -> has(version, member)).isPresent();
    }

    private static boolean has(Version version, String member) {
        return member.isEmpty()
                || version.get("data").has(member)
                || version.get("binaryData").has(member);
    }

    /** The change with which it went. */
    private static Optional<Change> gone(World world, ObjectKey key, String member, Trouble trouble) {
        Optional<Change> found = Optional.empty();
        for (Change change : world.changes(key)) {
            boolean went = change.operation() == Change.Operation.DELETED
                    || (!member.isEmpty()
                            && change.now() == null
                            && (change.path().endsWith("." + member)
                                    || change.path().endsWith("[\"" + member + "\"]")));
            boolean whole = !member.isEmpty()
                    && (change.path().equals("data") || change.path().equals("binaryData"))
                    && change.old() != null
                    && change.old().has(member);
            boolean had = change.before() != null && has(change.before(), member);
            if ((went || whole) && had && Rule.precedes(change.at(), trouble)) {
                found = Optional.of(change);
            }
        }
        return found;
    }

    /** It never was there: then asking for it is the cause. */
    private static void asked(World world, Trouble trouble, Pods.Reference reference, String what, List<Link> links) {
        for (Templates.Field field : Templates.of(world, trouble)) {
            String now = String.valueOf(field.change().now());
            boolean names = now.contains("\"" + reference.name() + "\"")
                    || (!reference.key().isEmpty() && now.contains("\"" + reference.key() + "\""));
            if (names && field.starts("env", "envFrom", "volumes")) {
                links.add(Link.to(field.change(), Tier.A, 0.95, "the pod asks for what is not there: " + what));
            }
        }
    }
}
