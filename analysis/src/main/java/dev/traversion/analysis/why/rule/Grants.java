/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import dev.traversion.archive.ResourceType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What the ServiceAccount of a pod may do. */
final class Grants extends PlainRule {

    Grants() {
        super(
                "grants",
                "A binding or role through which a pod's ServiceAccount had permissions was deleted or changed, and its container"
                        + " fails; stronger if it says forbidden.",
                Set.of(
                        What.CRASHED,
                        What.READINESS_FAILED,
                        What.LIVENESS_FAILED,
                        What.STARTUP_FAILED,
                        What.INIT_UNFINISHED));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        String namespace = trouble.about().key().namespace();
        String account = trouble.about().get("spec", "serviceAccountName").asText("default");
        String text = trouble.text().toLowerCase(Locale.ROOT);
        boolean says = text.contains("forbidden") || text.contains("403") || text.contains("unauthorized");
        double strength = says ? 0.98 : account.equals("default") ? 0.5 : 0.75;
        for (ResourceType type : List.of(Types.BINDINGS, Types.CLUSTER_BINDINGS)) {
            String place = type.equals(Types.BINDINGS) ? namespace : "";
            for (Change change : world.changes(type, place)) {
                boolean had = change.before() != null && binds(change.before(), namespace, account);
                boolean has = change.operation() != Change.Operation.DELETED
                        && binds(change.after(), namespace, account)
                        && !change.path().startsWith("roleRef");
                if (had && !has && Rule.precedes(change.at(), trouble)) {
                    links.add(Link.to(change, Tier.B, strength, "the ServiceAccount " + account + " lost permissions"));
                }
            }
            for (Version binding : world.list(type, place, trouble.from())) {
                if (binds(binding, namespace, account)) {
                    role(world, binding, trouble, strength, links);
                }
            }
        }
        return links;
    }

    private static void role(World world, Version binding, Trouble trouble, double strength, List<Link> links) {
        JsonNode reference = binding.get("roleRef");
        boolean isCluster = reference.path("kind").asText().equals("ClusterRole");
        ResourceType type = isCluster ? Types.CLUSTER_ROLES : Types.ROLES;
        String place = isCluster ? "" : binding.key().namespace();
        for (Change change : world.changes(type, place)) {
            boolean lost = change.operation() == Change.Operation.DELETED
                    || change.path().startsWith("rules");
            if (lost
                    && change.key().name().equals(reference.path("name").asText())
                    && Rule.precedes(change.at(), trouble)) {
                links.add(Link.to(
                        change, Tier.B, strength, "the pod's ServiceAccount has its permissions from this role"));
            }
        }
    }

    private static boolean binds(Version binding, String namespace, String account) {
        for (JsonNode subject : binding.get("subjects")) {
            boolean isIt = subject.path("kind").asText().equals("ServiceAccount")
                    && subject.path("name").asText().equals(account)
                    && subject.path("namespace").asText(namespace).equals(namespace);
            boolean isGroup = subject.path("name").asText().equals("system:serviceaccounts:" + namespace);
            if (isIt || isGroup) {
                return true;
            }
        }
        return false;
    }
}
