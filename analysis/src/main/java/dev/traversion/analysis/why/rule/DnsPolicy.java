/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.kube.Addresses;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import java.util.Optional;

/** Whom a pod asks for names. */
final class DnsPolicy extends TemplateRule {

    DnsPolicy() {
        super(
                "dns-policy",
                "Whom a pod asks for names was changed: its dnsPolicy, dnsConfig, hostAliases or hostNetwork. Proved if it asked the"
                        + " cluster's DNS before, does not since, and names a Service.",
                RUNNING);
    }

    @Override
    Optional<Link> judge(World world, Trouble trouble, Templates.Field field) {
        boolean isPods = field.container().isEmpty();
        if (!isPods || !field.starts("dnsPolicy", "dnsConfig", "hostAliases", "hostNetwork")) {
            return Optional.empty();
        }
        boolean names = !Addresses.named(
                        world,
                        trouble.about().key().namespace(),
                        trouble.about().get("spec"))
                .isEmpty();
        if (!names) {
            return Optional.empty();
        }
        boolean asked = field.change().before() != null
                && asksCluster(
                        world, Pods.template(field.change().before().body()).path("spec"));
        boolean asks = asksCluster(world, trouble.about().get("spec"));
        boolean isProved = asked && !asks;
        return Optional.of(Link.to(
                field.change(),
                isProved ? Tier.A : Tier.B,
                isProved ? 0.96 : 0.63,
                isProved
                        ? "the pod names a Service, and does not ask the cluster's DNS any more"
                        : "the pod asks others for names since"));
    }

    private static boolean asksCluster(World world, JsonNode spec) {
        String policy = spec.path("dnsPolicy").asText("ClusterFirst");
        boolean isDns = policy.equals("ClusterFirstWithHostNet")
                || (policy.equals("ClusterFirst") && !spec.path("hostNetwork").asBoolean());
        if (isDns) {
            return true;
        }
        String address = world.last(ClusterDns.SERVICE)
                .map(service -> service.get("spec", "clusterIP").asText(""))
                .orElse("");
        for (JsonNode server : spec.path("dnsConfig").path("nameservers")) {
            if (server.asText().equals(address)) {
                return true;
            }
        }
        return false;
    }
}
