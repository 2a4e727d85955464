/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

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
import java.util.Locale;
import java.util.Set;

/** Variables that pods get for each Service of their namespace, whether they want them or not. */
final class ServiceLinks extends PlainRule {

    ServiceLinks() {
        super(
                "service-links",
                "A Service was created, for which pods made since have variables, NAME_PORT and others, and a container fails with"
                        + " them. Proved if its message has the value of one that nothing else gave it, and no pod was well with it;"
                        + " weaker if pods of the same template got ready before, and none since.",
                Set.of(What.CRASHED, What.INIT_UNFINISHED));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        Version pod = trouble.about();
        boolean hasLinks = pod.key().type().equals(Types.PODS)
                && pod.get("spec", "enableServiceLinks").asBoolean(true);
        for (ObjectKey key : hasLinks ? world.keys(Types.SERVICES, pod.key().namespace()) : Set.<ObjectKey>of()) {
            if (world.versions(key).getFirst().at() <= world.from()) {
                continue;
            }
            for (Change change : world.changes(key)) {
                String address = change.after().get("spec", "clusterIP").asText("");
                boolean isNew = change.operation() == Change.Operation.CREATED
                        && change.at() <= pod.created() + SLACK
                        && !address.isEmpty()
                        && !address.equals("None");
                if (isNew) {
                    judge(world, trouble, change, address, links);
                }
            }
        }
        return links;
    }

    private static void judge(World world, Trouble trouble, Change change, String address, List<Link> links) {
        String variable = change.key().name().toUpperCase(Locale.ROOT).replace('-', '_');
        String text = trouble.text();
        boolean hasValue = text.contains("tcp://" + address + ":") || text.contains("udp://" + address + ":");
        boolean isOwn = Pods.texts(Pods.container(trouble.about().get("spec"), trouble.container())).stream()
                .anyMatch(each -> each.contains("://" + address + ":"));
        boolean isProved = hasValue && !isOwn && !Templates.wasWellSince(world, trouble, change.at());
        boolean isNamed = Rule.names(text, variable + "_PORT") || text.contains(variable + "_SERVICE_");
        if (hasValue || isNamed || Templates.failsSince(world, trouble.about(), change.at())) {
            links.add(Link.to(
                    change,
                    isProved ? Tier.A : Tier.B,
                    isProved ? 1 : isNamed ? 0.96 : 0.45,
                    "pods made since have variables of this Service, such as " + variable + "_PORT"));
        }
    }
}
