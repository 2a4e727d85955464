/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import dev.traversion.analysis.diff.FieldChange;
import dev.traversion.analysis.diff.FieldDiff;
import dev.traversion.analysis.why.kube.Addresses;
import dev.traversion.analysis.why.kube.Addresses.Address;
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

/** What a container reads of a ConfigMap or Secret. */
final class ConfigContent extends PlainRule {

    ConfigContent() {
        super(
                "config-content",
                "A ConfigMap or Secret that a container reads was changed, and the container fails after it was started with it, or"
                        + " after the kubelet brought it the file; stronger if no Service answers to an address in the cluster that it"
                        + " names since, and one did to what it named before. Proved if the message names that one, too. Or the"
                        + " pod is evicted, since it writes more than it may.",
                TemplateRule.and(TemplateRule.RUNNING, What.MEMORY_GROWS, What.THROTTLED, What.EVICTED));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        if (trouble.what() == What.EVICTED && !StorageLimit.isExceeded(trouble)) {
            return links;
        }
        Version pod = trouble.about();
        Set<Pods.Reference> references = Pods.references(pod.get("spec"));
        for (Pods.Reference reference : references) {
            ObjectKey key = new ObjectKey(
                    reference.kind().equals("Secret") ? Types.SECRETS : Types.CONFIG_MAPS,
                    pod.key().namespace(),
                    reference.name());
            if (reference.name().equals("kube-root-ca.crt")) {
                continue;
            }
            boolean byKey = references.stream()
                    .anyMatch(each -> each.name().equals(reference.name())
                            && each.kind().equals(reference.kind())
                            && !each.key().isEmpty());
            for (Change change : changes(world, key)) {
                String member = change.path().replaceFirst("^(data|binaryData)\\.?", "");
                boolean isInput = reference.key().isEmpty()
                        ? !byKey || change.operation() != Change.Operation.CHANGED
                        : member.contains(reference.key());
                boolean isData =
                        change.path().startsWith("data") || change.path().startsWith("binaryData");
                if (isInput && isData && Rule.precedes(change.at(), trouble)) {
                    links.add(link(world, trouble, change));
                }
            }
        }
        return links;
    }

    private static Link link(World world, Trouble trouble, Change change) {
        boolean isText = change.old() != null
                && change.old().isTextual()
                && change.now() != null
                && change.path().startsWith("data")
                && change.key().type().equals(Types.CONFIG_MAPS)
                && Fields.stands(world, change, trouble.from());
        // What answered when it was named first has gone since, which is another cause.
        Optional<Address> lost = isText
                ? lost(world, change, change.at())
                        .filter(each -> lost(world, change, trouble.from()).equals(Optional.of(each)))
                : Optional.empty();
        if (lost.isPresent()) {
            boolean says = Rule.names(trouble.text(), lost.get().host());
            return Link.to(
                    change,
                    says ? Tier.A : Tier.B,
                    says ? 1 : 0.9,
                    "the container reads it, and no Service answers to " + lost.get() + ", which it names");
        }
        boolean isAdded = change.old() == null && change.operation() == Change.Operation.CHANGED;
        return Link.to(change, Tier.B, isAdded ? 0.4 : 0.58, "the container reads it");
    }

    private static Optional<Address> lost(World world, Change change, long time) {
        return Addresses.lost(
                world,
                change.key().namespace(),
                change.old().asText(),
                change.now().asText(),
                time);
    }

    /** With what is other in one that was deleted and made anew. */
    private static List<Change> changes(World world, ObjectKey key) {
        List<Change> found = new ArrayList<>();
        Version gone = null;
        for (Change change : world.changes(key)) {
            if (change.operation() == Change.Operation.CREATED && gone != null) {
                for (FieldChange field :
                        FieldDiff.between(gone.body(), change.after().body()).fields()) {
                    found.add(change.at(field.path().toString(), field.after()));
                }
            }
            gone = change.operation() == Change.Operation.DELETED ? change.after() : gone;
            found.add(change);
        }
        return found;
    }
}
