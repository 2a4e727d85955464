/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import dev.traversion.analysis.why.trouble.Troubles;
import dev.traversion.analysis.why.trouble.WorkloadTroubles;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ResourceType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Something that is being deleted, and somebody holds it. */
final class Finalizers extends PlainRule {

    /** How a namespace names what is left in it. */
    private static final Pattern LEFT = Pattern.compile("([a-z0-9.]+) has \\d+ resource instances");

    /** How operators are called after what they are for. */
    private static final Pattern OF_OPERATOR = Pattern.compile("-(operator|controller|controller-manager|manager)$");

    /** The domain of a finalizer without its last part, and the name behind it. */
    private static final Pattern DOMAIN = Pattern.compile("([\\w.-]+)\\.[a-z]+(?:/(.+))?");

    private static final Pattern OWN = Pattern.compile("(^|\\.)(kubernetes|k8s)$");

    private static final int MOST = 5;

    Finalizers() {
        super(
                "finalizers",
                "An object that is being deleted stays, since it has a finalizer; a namespace stays since something in it does. Proved if"
                        + " the finalizer was added, or by the state of a workload that it is named for.",
                Set.of(What.TERMINATING));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        Version held = trouble.about();
        boolean isOfOperator = operators(world, held, trouble, links);
        for (Change change : world.changes(held.key())) {
            boolean isAdded = change.path().startsWith("metadata.finalizers") && holds(held, change.now());
            boolean isCreated = change.operation() == Change.Operation.CREATED
                    && !change.after().get("metadata", "finalizers").isEmpty();
            if (isAdded) {
                // Whoever always sets it, and is not there to take it away, is what is missing.
                boolean isUsual = isOfOperator && change.at() < trouble.from();
                links.add(Link.to(
                        change,
                        isUsual ? Tier.B : Tier.A,
                        isUsual ? 0.5 : 1,
                        "it stays until whoever set the finalizer takes it away"));
            } else if (isCreated) {
                links.add(Link.to(
                        change.at("metadata.finalizers", change.after().get("metadata", "finalizers")),
                        Tier.B,
                        0.8,
                        "it stays until whoever the finalizer is for takes it away"));
            }
        }
        if (held.key().type().equals(Types.NAMESPACES)) {
            inside(world, held, trouble, links);
        }
        return links;
    }

    /** What is wrong with those that the finalizers are named for. Whether anything is. */
    private static boolean operators(World world, Version held, Trouble trouble, List<Link> links) {
        Set<String> names = names(held);
        int before = links.size();
        for (ResourceType type : List.of(Types.DEPLOYMENTS, Types.STATEFUL_SETS)) {
            for (Version operator : names.isEmpty() ? List.<Version>of() : world.list(type, "", trouble.from())) {
                String name = operator.key().name();
                boolean isIt = names.contains(name)
                        || names.contains(OF_OPERATOR.matcher(name).replaceAll(""));
                for (Trouble of : isIt ? WorkloadTroubles.of(world, operator) : List.<Trouble>of()) {
                    if (Rule.precedes(of.from(), trouble) && of.to() >= trouble.from()) {
                        links.add(
                                Link.to(of, Tier.A, 1, "who is to take the finalizer away, by its name, is not there"));
                    }
                }
            }
        }
        return links.size() > before;
    }

    /** Whom the finalizers may be named for: by their own name, or by their domain, but for Kubernetes' own. */
    private static Set<String> names(Version held) {
        Set<String> found = new HashSet<>();
        for (JsonNode finalizer : held.get("metadata", "finalizers")) {
            Matcher parts = DOMAIN.matcher(finalizer.asText());
            if (parts.matches() && !OWN.matcher(parts.group(1)).find()) {
                found.addAll(List.of(parts.group(1).split("\\.")));
                Optional.ofNullable(parts.group(2)).ifPresent(found::add);
            }
        }
        return found;
    }

    private static boolean holds(Version held, JsonNode added) {
        for (JsonNode finalizer : held.get("metadata", "finalizers")) {
            boolean isIt = added != null
                    && (added.isArray() ? added.toString().contains(finalizer.toString()) : added.equals(finalizer));
            if (isIt) {
                return true;
            }
        }
        return false;
    }

    private static void inside(World world, Version namespace, Trouble trouble, List<Link> links) {
        Matcher left = LEFT.matcher(trouble.text());
        while (left.find()) {
            String[] resource = left.group(1).split("\\.", 2);
            ResourceType type = new ResourceType(resource.length > 1 ? resource[1] : "", resource[0]);
            for (ObjectKey key : world.keys(type, namespace.key().name())) {
                if (links.size() < MOST) {
                    Troubles.of(world, key).stream()
                            .filter(each -> each.what() == What.TERMINATING)
                            .forEach(each -> links.add(Link.to(each, Tier.A, 1, "it is in the namespace, and stays")));
                }
            }
        }
    }
}
