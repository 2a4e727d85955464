/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.kube.Permissions;
import dev.traversion.analysis.why.kube.Permissions.Asked;
import dev.traversion.analysis.why.kube.Selectors;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ResourceType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What the ServiceAccount of a pod may do. */
final class Grants extends PlainRule {

    private static final Pattern SAID = Pattern.compile("forbidden|unauthorized|\\b403\\b", Pattern.CASE_INSENSITIVE);

    Grants() {
        super(
                "grants",
                "A binding or role through which a pod's ServiceAccount had permissions was deleted or changed, or one of the roles that an"
                        + " aggregated one is made of, and its container fails; stronger if it says forbidden. Proved if it says what is"
                        + " forbidden, and just that was allowed before.",
                TemplateRule.RUNNING);
    }

    /** A ServiceAccount. */
    private record Account(String namespace, String name) {

        String user() {
            return "system:serviceaccount:" + namespace + ":" + name;
        }

        /** Whether a binding gives something to it, or to a group that it is in. */
        boolean isIn(Version binding) {
            Set<String> groups =
                    Set.of("system:serviceaccounts:" + namespace, "system:serviceaccounts", "system:authenticated");
            for (JsonNode subject : binding.get("subjects")) {
                String named = subject.path("name").asText();
                boolean isIt =
                        switch (subject.path("kind").asText()) {
                            case "ServiceAccount" ->
                                named.equals(name)
                                        && subject.path("namespace")
                                                .asText(namespace)
                                                .equals(namespace);
                            case "Group" -> groups.contains(named);
                            default -> named.equals(user());
                        };
                if (isIt) {
                    return true;
                }
            }
            return false;
        }
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        Account account = new Account(
                trouble.about().key().namespace(),
                trouble.about().get("spec", "serviceAccountName").asText("default"));
        Optional<Asked> asked = Permissions.forbidden(trouble.text());
        Map<ResourceType, String> places = new LinkedHashMap<>();
        places.put(
                Types.BINDINGS,
                asked.map(Asked::namespace).filter(each -> !each.isEmpty()).orElse(account.namespace()));
        places.put(Types.CLUSTER_BINDINGS, "");
        long time = trouble.from() + SLACK;
        List<Version> bindings = new ArrayList<>();
        places.forEach((type, place) ->
                world.list(type, place, time).stream().filter(account::isIn).forEach(bindings::add));
        // Where another one allows it all the same, or another account asked, it is for another reason.
        boolean mayBeProved =
                asked.filter(each -> each.user().isEmpty() || each.user().equals(account.user()))
                                .isPresent()
                        && bindings.stream().noneMatch(binding -> gives(world, binding, time, trouble));
        for (Map.Entry<ResourceType, String> place : places.entrySet()) {
            for (Change change : world.changes(place.getKey(), place.getValue())) {
                boolean had = change.before() != null
                        && !change.path().startsWith("metadata")
                        && account.isIn(change.before());
                boolean has = change.operation() != Change.Operation.DELETED
                        && account.isIn(change.after())
                        && !change.path().startsWith("roleRef");
                if (had && !has && Rule.precedes(change.at(), trouble)) {
                    boolean isProved = mayBeProved && gives(world, change.before(), change.at(), trouble);
                    String text = "the ServiceAccount " + account.name() + " lost permissions";
                    links.add(link(change, trouble, isProved, account.name(), text));
                }
            }
        }
        for (Version binding : bindings) {
            ofRole(world, role(binding), trouble, account.name(), mayBeProved && reaches(binding, trouble), links);
        }
        return links;
    }

    /** Whether, at a moment, a binding gives what a message says is forbidden. */
    private static boolean gives(World world, Version binding, long time, Trouble trouble) {
        return reaches(binding, trouble)
                && world.at(role(binding), time)
                        .filter(role -> allows(role, trouble))
                        .isPresent();
    }

    /** Whether a binding reaches as far as what was asked for: one of a namespace does not all of the cluster. */
    private static boolean reaches(Version binding, Trouble trouble) {
        return binding.key().type().equals(Types.CLUSTER_BINDINGS)
                || !trouble.text().contains("at the cluster scope");
    }

    private static Link link(Change change, Trouble trouble, boolean isProved, String account, String text) {
        double strength = SAID.matcher(trouble.text()).find() ? 0.98 : account.equals("default") ? 0.5 : 0.75;
        return Link.to(change, isProved ? Tier.A : Tier.B, isProved ? 1 : strength, text);
    }

    private static ObjectKey role(Version binding) {
        JsonNode reference = binding.get("roleRef");
        boolean isCluster = reference.path("kind").asText().equals("ClusterRole");
        return new ObjectKey(
                isCluster ? Types.CLUSTER_ROLES : Types.ROLES,
                isCluster ? "" : binding.key().namespace(),
                reference.path("name").asText());
    }

    private static void ofRole(
            World world, ObjectKey role, Trouble trouble, String account, boolean mayBeProved, List<Link> links) {
        List<Link> found = new ArrayList<>();
        world.at(role, trouble.from())
                .map(version -> version.get("aggregationRule", "clusterRoleSelectors"))
                .ifPresent(selectors -> parts(world, selectors, trouble, account, mayBeProved, found));
        // What an aggregated role grants follows from its parts.
        for (Change change : found.isEmpty() ? world.changes(role) : List.<Change>of()) {
            boolean isGone = change.operation() == Change.Operation.DELETED;
            if ((isGone || takes(change)) && Rule.precedes(change.at(), trouble)) {
                boolean isProved = mayBeProved
                        && change.before() != null
                        && allows(change.before(), trouble)
                        && (isGone || !allows(change.after(), trouble));
                String text = "the pod's ServiceAccount has its permissions from this role";
                found.add(link(change, trouble, isProved, account, text));
            }
        }
        links.addAll(found);
    }

    /** Roles that were collected into an aggregated one, and that are not any more, or grant something else. */
    private static void parts(
            World world, JsonNode selectors, Trouble trouble, String account, boolean mayBeProved, List<Link> links) {
        if (selectors.isEmpty()) {
            return;
        }
        for (Change change : world.changes(Types.CLUSTER_ROLES, "")) {
            boolean was = change.before() != null && Permissions.isPart(change.before(), selectors);
            if (!was || !Rule.precedes(change.at(), trouble)) {
                continue;
            }
            boolean isGone = change.operation() == Change.Operation.DELETED;
            boolean isPart = !isGone && Permissions.isPart(change.after(), selectors);
            boolean isLabel =
                    change.path().startsWith("metadata.labels") && Selectors.asksFor(selectors, change.path());
            boolean isLost = isGone || (!isPart && isLabel);
            if (isLost || (isPart && takes(change))) {
                boolean isProved =
                        mayBeProved && allows(change.before(), trouble) && (isLost || !allows(change.after(), trouble));
                String text = "the role of the pod's ServiceAccount is made of this one, among others";
                links.add(link(change, trouble, isProved, account, text));
            }
        }
    }

    /** Whether rules of a role were changed, and not only so that it allows more. */
    private static boolean takes(Change change) {
        return change.path().startsWith("rules") && !Permissions.isWithin(change.before(), change.after());
    }

    /** Whether a role allows what a message says is forbidden. */
    private static boolean allows(Version role, Trouble trouble) {
        return Permissions.forbidden(trouble.text())
                .filter(asked -> Permissions.allow(role, asked))
                .isPresent();
    }
}
