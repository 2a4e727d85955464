/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.kube.Addresses;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import java.util.Optional;
import java.util.regex.Pattern;

/** Whom a pod asks for names. */
final class DnsPolicy extends TemplateRule {

    /** How resolvers and those who call them say that they know no such name. */
    private static final Pattern UNRESOLVED = Pattern.compile(
            "no such host|\\blookup\\b|resolv|name resolution|bad address|NXDOMAIN|ENOTFOUND|EAI_AGAIN"
                    + "|name or service not known|unknown host",
            Pattern.CASE_INSENSITIVE);

    DnsPolicy() {
        super(
                "dns-policy",
                "Whom a pod asks for names was changed: its dnsPolicy, dnsConfig, hostAliases or hostNetwork. Proved if it asked the"
                        + " cluster's DNS before, does not since, and names a Service; if others answer it instead, only if its"
                        + " message says that a name is not known.",
                RUNNING);
    }

    @Override
    Optional<Link> judge(World world, Trouble trouble, Templates.Field field) {
        boolean isPods = field.container().isEmpty();
        if (!isPods || !field.starts("dnsPolicy", "dnsConfig", "hostAliases", "hostNetwork")) {
            return Optional.empty();
        }
        if (!namesService(world, trouble.about())) {
            return Optional.empty();
        }
        boolean asked = field.change().before() != null
                && asksCluster(
                        world, Pods.template(field.change().before().body()).path("spec"));
        boolean asks = asksCluster(world, trouble.about().get("spec"));
        // Other servers may know the cluster's names, too.
        boolean hasOthers =
                !trouble.about().get("spec", "dnsConfig", "nameservers").isEmpty();
        boolean isProved = asked
                && !asks
                && !field.starts("hostAliases")
                && (!hasOthers || isUnresolved(trouble.text()))
                && Undoing.decides(
                        world,
                        field.change(),
                        maker -> asksCluster(world, Pods.template(maker).path("spec")));
        return Optional.of(Link.to(
                field.change(),
                isProved ? Tier.A : Tier.B,
                isProved ? 0.96 : 0.63,
                isProved
                        ? "the pod names a Service, and does not ask the cluster's DNS any more"
                        : "the pod asks others for names since"));
    }

    /** Whether a pod names a Service, and not by its address only. */
    static boolean namesService(World world, Version pod) {
        for (JsonNode container : Pods.containers(pod.get("spec"))) {
            for (String text : Pods.texts(container)) {
                for (Addresses.Address address : Addresses.in(text)) {
                    boolean isService = !address.isIp()
                            && Addresses.service(world, pod.key().namespace(), address, pod.at())
                                    .isPresent();
                    if (isService) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /** Whether a message says that a name could not be looked up. */
    static boolean isUnresolved(String text) {
        return UNRESOLVED.matcher(text).find();
    }

    static boolean asksCluster(World world, JsonNode spec) {
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
