/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.kube.Addresses;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.ServiceTroubles;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.List;

/** A pod's own name in the cluster's DNS. */
final class PodNames extends PlainRule {

    PodNames() {
        super(
                "pod-names",
                "A failing container names a pod behind a headless Service, HOSTNAME.SERVICE, and the hostname or subdomain in the"
                        + " template of that pod was changed. Proved if a pod had the name before, and none has since.",
                TemplateRule.RUNNING);
    }

    /** A name of a pod: its hostname, and the Service that is its subdomain. */
    private record Name(String host, ObjectKey service) {

        boolean isOf(JsonNode spec) {
            return spec.path("hostname").asText("").equals(host)
                    && spec.path("subdomain").asText("").equals(service.name());
        }
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        Version pod = trouble.about();
        for (String text : Pods.texts(Pods.container(pod.get("spec"), trouble.container()))) {
            for (Addresses.Address address : Addresses.in(text)) {
                String[] labels = address.host().split("\\.");
                boolean isOfCluster = labels.length <= 3 || labels[3].equals("svc");
                if (!address.isIp() && labels.length > 1 && isOfCluster) {
                    String space = labels.length > 2 ? labels[2] : pod.key().namespace();
                    judge(world, trouble, new Name(labels[0], new ObjectKey(Types.SERVICES, space, labels[1])), links);
                }
            }
        }
        return links;
    }

    private static void judge(World world, Trouble trouble, Name name, List<Link> links) {
        if (world.versions(name.service()).isEmpty()) {
            return;
        }
        for (Version maker : MixedEndpoints.behind(world, name.service())) {
            String spec = Templates.prefix(maker.body()) + "spec.";
            for (Change change : world.changes(maker.key())) {
                boolean isName =
                        change.path().equals(spec + "hostname") || change.path().equals(spec + "subdomain");
                if (isName
                        && change.before() != null
                        && Rule.precedes(change.at(), trouble)
                        && name.isOf(Pods.template(change.before().body()).path("spec"))
                        && !name.isOf(Pods.template(change.after().body()).path("spec"))) {
                    boolean isProved = has(world, name, change.at()) && !has(world, name, trouble.from() + SLACK);
                    links.add(Link.to(
                            change,
                            isProved ? Tier.A : Tier.B,
                            isProved ? 1 : 0.7,
                            "the container names the pod " + name.host() + "."
                                    + name.service().name() + ", and pods are not made with that name any more"));
                }
            }
        }
    }

    private static boolean has(World world, Name name, long time) {
        for (ObjectKey key : ServiceTroubles.podsEver(world, name.service())) {
            boolean has = world.at(key, time)
                    .filter(pod -> !pod.get("metadata").has("deletionTimestamp") && name.isOf(pod.get("spec")))
                    .isPresent();
            if (has) {
                return true;
            }
        }
        return false;
    }
}
