/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What a container reads of a ConfigMap or Secret. */
final class ConfigContent extends PlainRule {

    private static final String TOO_LONG = "argument list too long";

    /** So long a variable of a program may be on Linux, its name and the sign between them included (MAX_ARG_STRLEN). */
    private static final int LONGEST = 131_000;

    ConfigContent() {
        super(
                "config-content",
                "A ConfigMap or Secret that a container reads was changed, and the container fails after it was"
                        + " started with it, or after the kubelet brought it the file; stronger if no Service answers to"
                        + " an address in the cluster that it names since, and one did to what it named before. Proved if"
                        + " the message names that one, too. Or the pod is evicted, since it writes more than it may, or"
                        + " was made since, and is killed for its memory.",
                TemplateRule.and(
                        TemplateRule.RUNNING,
                        What.START_FAILED,
                        What.OUT_OF_MEMORY,
                        What.MEMORY_GROWS,
                        What.THROTTLED,
                        What.EVICTED));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        boolean isOther = (trouble.what() == What.EVICTED
                        && StorageLimit.exceeded(trouble).isEmpty())
                || (trouble.what() == What.START_FAILED && !trouble.text().contains(TOO_LONG));
        if (isOther) {
            return links;
        }
        for (Change change :
                read(world, trouble.about().key().namespace(), trouble.about().get("spec"))) {
            if (Rule.precedes(change.at(), trouble) && isTaken(trouble, change)) {
                links.add(link(world, trouble, change));
            }
        }
        return links;
    }

    /** Whose memory grew while it ran is another trouble, of which it is known when it began. */
    private static boolean isTaken(Trouble trouble, Change change) {
        return trouble.what() != What.OUT_OF_MEMORY
                || (change.operation() == Change.Operation.CHANGED
                        && change.at() <= trouble.about().created() + SLACK / 2);
    }

    /** The changes of what the containers of a pod read from ConfigMaps and Secrets. */
    static List<Change> read(World world, String namespace, JsonNode spec) {
        Set<Change> found = new LinkedHashSet<>();
        for (Pods.Reference reference : Pods.references(spec)) {
            ObjectKey key = new ObjectKey(
                    reference.kind().equals("Secret") ? Types.SECRETS : Types.CONFIG_MAPS, namespace, reference.name());
            if (reference.name().equals("kube-root-ca.crt")) {
                continue;
            }
            for (Change change : changes(world, key)) {
                boolean isInput = reference.key().isEmpty() || member(change).equals(reference.key());
                boolean isData =
                        change.path().startsWith("data") || change.path().startsWith("binaryData");
                if (isInput && isData) {
                    found.add(change);
                }
            }
        }
        return List.copyOf(found);
    }

    /** The address that a text named and nobody answers to, in the place of one that was answered, then and at a later moment. */
    static Optional<Address> lost(World world, Change change, long moment) {
        boolean isText = change.old() != null
                && change.old().isTextual()
                && change.now() != null
                && change.path().startsWith("data")
                && change.key().type().equals(Types.CONFIG_MAPS)
                && Fields.stands(world, change, moment);
        // What answered when it was named first has gone since, which is another cause.
        return isText
                ? lostAt(world, change, change.at())
                        .filter(each -> lostAt(world, change, moment).equals(Optional.of(each)))
                : Optional.empty();
    }

    private static Link link(World world, Trouble trouble, Change change) {
        Optional<Address> lost = lost(world, change, trouble.from());
        if (lost.isPresent()) {
            boolean says = Rule.names(trouble.text(), lost.get().host());
            return Link.to(
                    change,
                    says ? Tier.A : Tier.B,
                    says ? 1 : 0.9,
                    "the container reads it, and no Service answers to " + lost.get() + ", which it names");
        }
        boolean isAdded = change.old() == null && change.operation() == Change.Operation.CHANGED;
        boolean isNamed = isNamed(trouble, change) || Ports.leaves(trouble.text(), change);
        double otherwise = isAdded ? 0.4 : Fitting.isOfOthers(trouble, change) ? 0.45 : 0.58;
        boolean isTooLong = trouble.text().contains(TOO_LONG)
                && change.now() != null
                && change.now().asText("").length() > LONGEST;
        boolean isSaid = Fitting.brings(trouble.text(), change);
        boolean isElsewhere = Fitting.isElsewhere(trouble.text(), change);
        double strength = isElsewhere
                ? 0.5
                : isTooLong ? 0.95 : isNamed ? 0.85 : isSaid ? 0.8 : Fitting.of(trouble, change) ? 0.66 : otherwise;
        return Link.to(change, Tier.B, strength, "the container reads it");
    }

    /** Whether what was said of the trouble has the member, a variable that is made of it, or its value. */
    private static boolean isNamed(Trouble trouble, Change change) {
        return change.operation() == Change.Operation.CHANGED
                && (Rule.names(trouble.text(), member(change))
                        || variables(trouble, change).anyMatch(each -> Rule.names(trouble.text(), each))
                        || (change.now() != null
                                && Rule.names(trouble.text(), change.now().asText(""))));
    }

    /** The names that the variables have which a member becomes in the pod of a trouble. */
    private static Stream<String> variables(Trouble trouble, Change change) {
        String reference = change.key().type().equals(Types.SECRETS) ? "secretKeyRef" : "configMapKeyRef";
        return Pods.containers(trouble.about().get("spec")).stream()
                .flatMap(container -> container.path("env").valueStream())
                .filter(env -> {
                    JsonNode from = env.path("valueFrom").path(reference);
                    return from.path("name").asText().equals(change.key().name())
                            && from.path("key").asText().equals(member(change));
                })
                .map(env -> env.path("name").asText());
    }

    /** The key of the data that was changed. */
    static String member(Change change) {
        return change.path().replaceFirst("^(data|binaryData)\\.?", "").replaceFirst("^\\[\"(.*)\"\\]$", "$1");
    }

    private static Optional<Address> lostAt(World world, Change change, long time) {
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
