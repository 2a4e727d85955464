/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Evidence;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A kubelet that does not report any more. */
final class KubeletSilent extends PlainRule {

    KubeletSilent() {
        super(
                "kubelet-silent",
                "A node is NotReady because its kubelet stopped reporting: its Lease was not renewed. What stopped the kubelet is"
                        + " outside of the recording.",
                Set.of(What.NODE_NOT_READY));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        boolean silent = trouble.text().contains("Unknown");
        Change stopped = Change.observed(trouble.about(), "status.conditions[type=Ready]", null, trouble.from());
        List<Evidence> evidence = new ArrayList<>(trouble.evidence());
        ObjectKey key = new ObjectKey(
                Types.LEASES, "kube-node-lease", trouble.about().key().name());
        world.at(key, trouble.from())
                .ifPresent(lease -> evidence.add(Evidence.version(
                        lease, "last renewed " + lease.get("spec", "renewTime").asText())));
        links.add(new Link(
                stopped,
                null,
                Tier.B,
                silent ? 0.9 : 0.7,
                silent ? "its kubelet stopped reporting" : "its kubelet says it is not ready",
                evidence,
                List.of()));
        return links;
    }
}
