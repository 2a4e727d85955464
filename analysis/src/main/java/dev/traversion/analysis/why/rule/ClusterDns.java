/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.ServiceTroubles;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.List;

/** The DNS of the cluster. */
public final class ClusterDns extends PlainRule {

    /** Its name is the same wherever Kubernetes runs, whatever serves it. */
    public static final ObjectKey SERVICE = new ObjectKey(Types.SERVICES, "kube-system", "kube-dns");

    private static final int PORT = 53;

    ClusterDns() {
        super(
                "cluster-dns",
                "Containers that name Services fail because the cluster's DNS has no endpoints, its Service has not the port 53 of UDP"
                        + " any more, or what it reads was changed. Proved if it had endpoints, or the port, before.",
                TemplateRule.RUNNING);
    }

    /** Programs ask by UDP first, and most do not ask otherwise if nobody answers. */
    private static void ports(World world, Trouble trouble, List<Link> links) {
        for (Change change : world.changes(SERVICE)) {
            boolean isShut = change.operation() == Change.Operation.CHANGED
                    && change.path().startsWith("spec.ports")
                    && Rule.precedes(change.at(), trouble)
                    && answers(change.before())
                    && Fields.stands(world, change, trouble.from(), service -> !answers(service));
            if (isShut && DnsPolicy.asksCluster(world, trouble.about().get("spec"))) {
                links.add(Link.to(
                        change,
                        Tier.A,
                        0.95,
                        "the container names a host, and the cluster's DNS is not asked by UDP any more"));
            }
        }
    }

    /** Whether a Service has the port at which names are asked for. */
    private static boolean answers(Version service) {
        for (JsonNode port : service.get("spec", "ports")) {
            if (port.path("port").asInt() == PORT
                    && port.path("protocol").asText("TCP").equals("UDP")) {
                return true;
            }
        }
        return false;
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        boolean resolves = DnsPolicy.namesService(world, trouble.about());
        boolean isDns = trouble.about().key().namespace().equals(SERVICE.namespace());
        if (!resolves || isDns) {
            return links;
        }
        for (Trouble of : ServiceTroubles.of(world, SERVICE)) {
            if (Rule.precedes(of.from(), trouble)) {
                links.add(
                        Link.to(of, Tier.A, 0.9, "the container names a host, and the cluster's DNS does not answer"));
            }
        }
        ports(world, trouble, links);
        boolean says = trouble.text().contains("lookup ")
                || trouble.text().contains("no such host")
                || trouble.text().contains("resolv")
                || trouble.text().contains(":53");
        for (Change change : AdmissionDrift.sources(world, SERVICE)) {
            if (Rule.precedes(change.at(), trouble)) {
                links.add(Link.to(
                        change,
                        Tier.B,
                        says ? 0.97 : 0.66,
                        "the cluster's DNS reads it, and the container names a host"));
            }
        }
        return links;
    }
}
